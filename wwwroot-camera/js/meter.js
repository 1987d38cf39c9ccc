'use strict';

(function (EdgeCloud) {
  // Long enough for two frames at the lowest rate, short enough to follow a change of it.
  const windowMs = 10_000;

  /** Counts something: in all, and per second over the last ten. */
  function createMeter(now) {
    const startedAt = now;
    let times = [];
    let total = 0;
    return {
      add(now, count = 1) {
        total += count;
        times.push({ now, count });
      },
      total: () => total,
      perSecond(now) {
        times = times.filter(entry => now - entry.now < windowMs);
        const seconds = Math.min(Math.max(now - startedAt, 1000), windowMs) / 1000;
        return times.reduce((sum, entry) => sum + entry.count, 0) / seconds;
      },
    };
  }

  /** Adds up what unchanged frames spared that were not uploaded. */
  function createSum() {
    const total = { frames: 0, bytes: 0, joules: 0 };
    return {
      /** @param spared bytes and joules of one frame, as far as the edge says. */
      add(spared) {
        total.frames++;
        total.bytes += spared?.bytes || 0;
        total.joules += spared?.joules || 0;
      },
      total: () => total,
    };
  }

  EdgeCloud.meter = { createMeter, createSum };
})(window.EdgeCloud ??= {});
