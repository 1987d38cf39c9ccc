'use strict';

(function (EdgeCloud) {
  const backoffMs = { first: 1000, longest: 10_000 };
  const autoMs = { unknown: 1000, shortest: 50, longest: 60_000 };

  /** Milliseconds from one frame to the next: at the chosen rate, or for 'auto' what the edge asked for last. */
  function intervalMs(rate, nextFrameMs) {
    if (rate !== 'auto') return 1000 / Number(rate);
    const asked = Number.isFinite(nextFrameMs) ? nextFrameMs : autoMs.unknown;
    return Math.min(Math.max(asked, autoMs.shortest), autoMs.longest);
  }

  /** The pause after the n-th failure in a row: what the edge asked for, else 1, 2, 4, 8, 10, 10 … seconds. */
  function retryDelayMs(failures, retryAfterMs) {
    if (retryAfterMs !== undefined) return Math.max(retryAfterMs, backoffMs.first);
    return Math.min(backoffMs.first * 2 ** (failures - 1), backoffMs.longest);
  }

  /**
   * When frames are due, one every interval. A frame that is due while another is still under way is late, and taken
   * as soon as that one is done; when the next one is due as well, the late one is skipped. So as many are asked for as
   * are sent and skipped together.
   */
  function createSchedule(now) {
    let dueAt = now;
    return {
      /** @param now when the next frame could be sent at the earliest. */
      next(now, interval) {
        dueAt += interval;
        const skipped = Math.max(0, Math.floor((now - dueAt) / interval));
        dueAt += skipped * interval;
        return { waitMs: Math.max(0, dueAt - now), skipped };
      },
      /** A frame is taken now, whatever was due. */
      restart(now) {
        dueAt = now;
      },
    };
  }

  /** A pause that ends early on ring(), or when the signal aborts. Resolves to whether it was rung. */
  function createAlarm() {
    let wake = () => {};
    const sleep = (milliseconds, signal) => new Promise(resolve => {
      if (signal.aborted) return resolve(false);
      const timer = setTimeout(done, milliseconds, false);
      const onAbort = () => done(false);
      signal.addEventListener('abort', onAbort);
      wake = () => done(true);
      function done(rung) {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        wake = () => {};
        resolve(rung);
      }
    });
    return { sleep, ring: () => wake() };
  }

  EdgeCloud.pacing = { intervalMs, retryDelayMs, createSchedule, createAlarm };
})(window.EdgeCloud ??= {});
