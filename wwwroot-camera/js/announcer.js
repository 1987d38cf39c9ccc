'use strict';

(function (EdgeCloud) {
  const steadyMs = 2000;
  const betweenCountsMs = 10_000;

  /**
   * What a screen reader says, unasked. A change of state is said at once; a count only when it has been
   * steady, and not all the time.
   */
  function createAnnouncer(element) {
    let pendingText = null;
    let timer;
    let saidCountAt = -Infinity;

    function say(text) {
      clearTimeout(timer);
      pendingText = null;
      // An unchanged text would be said again.
      if (element.textContent !== text) element.textContent = text;
    }

    function sayCount(text) {
      if (text === pendingText) return;
      clearTimeout(timer);
      pendingText = text;
      if (text === element.textContent) return;
      const now = performance.now();
      timer = setTimeout(() => {
        saidCountAt = performance.now();
        say(text);
      }, Math.max(steadyMs, saidCountAt + betweenCountsMs - now));
    }

    return { say, sayCount };
  }

  EdgeCloud.announcer = { createAnnouncer };
})(window.EdgeCloud ??= {});
