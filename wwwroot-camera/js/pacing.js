'use strict';

(function (EdgeCloud) {
  const backoffMs = { first: 1000, longest: 10_000 };
  const autoMs = { unknown: 1000, shortest: 50, longest: 60_000 };

  /**
   * How long to wait before the next frame. Rates count from one capture to the next, so a slow answer shortens the pause
   * instead of lowering the rate. After a failure: what the edge asked for, else 1, 2, 4, 8, 10, 10 … seconds.
   */
  function nextDelayMs({ rate, nextFrameMs, elapsedMs, failures, retryAfterMs }) {
    if (failures > 0) {
      const backoff = Math.min(backoffMs.first * 2 ** (failures - 1), backoffMs.longest);
      return retryAfterMs === undefined ? backoff : Math.max(retryAfterMs, backoffMs.first);
    }
    const asked = Number.isFinite(nextFrameMs) ? nextFrameMs : autoMs.unknown;
    const interval = rate === 'auto' ? Math.min(Math.max(asked, autoMs.shortest), autoMs.longest) : 1000 / Number(rate);
    return Math.max(0, interval - elapsedMs);
  }

  /** A pause that ends early on ring() or when the signal aborts. */
  function createAlarm() {
    let wake = () => {};
    const sleep = (milliseconds, signal) => new Promise(resolve => {
      if (signal.aborted) return resolve();
      const timer = setTimeout(done, milliseconds);
      signal.addEventListener('abort', done, { once: true });
      wake = done;
      function done() {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      }
    });
    return { sleep, ring: () => wake() };
  }

  EdgeCloud.pacing = { nextDelayMs, createAlarm };
})(window.EdgeCloud ??= {});
