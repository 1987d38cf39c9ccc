'use strict';

(function (EdgeCloud) {
  /** Keeps the screen on from hold() to release(). Browsers give up the lock of a page that is hidden. */
  function createWakeLock() {
    let isWanted = false;
    let asked = null;

    async function ask() {
      try {
        const lock = await navigator.wakeLock.request('screen');
        lock.addEventListener('release', () => (asked = null));
        if (!isWanted) await lock.release();
        return lock;
      } catch {
        // There is none, or the battery is low: the screen goes off as always.
        asked = null;
        return null;
      }
    }

    function hold() {
      isWanted = true;
      if (!document.hidden && navigator.wakeLock) asked ??= ask();
    }

    function release() {
      isWanted = false;
      asked?.then(lock => lock?.release());
    }

    document.addEventListener('visibilitychange', () => isWanted && hold());
    return { hold, release };
  }

  EdgeCloud.wakeLock = { createWakeLock };
})(window.EdgeCloud ??= {});
