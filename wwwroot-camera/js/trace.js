'use strict';

(function (EdgeCloud) {
  // Who traces a frame is decided here, where its trace begins. At a frame a second this is three traces a minute,
  // enough to look at, and at 15 frames a second still less than one a second; all other frames cost neither spans nor
  // export. The first frame is one of them, so that a developer finds a trace at once.
  const sampledEvery = 20;

  const hex = bytes => Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');

  /** Makes the `traceparent` of each frame: W3C Trace Context, version 00. */
  function createTracer() {
    const bytes = new Uint8Array(24);
    let frames = 0;
    return {
      next() {
        crypto.getRandomValues(bytes);
        const traceId = hex(bytes.subarray(0, 16));
        const sampled = frames++ % sampledEvery === 0;
        return { traceId, sampled, traceparent: `00-${traceId}-${hex(bytes.subarray(16))}-${sampled ? '01' : '00'}` };
      },
    };
  }

  EdgeCloud.trace = { createTracer };
})(window.EdgeCloud ??= {});
