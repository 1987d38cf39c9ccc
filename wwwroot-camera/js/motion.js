'use strict';

(function (EdgeCloud) {
  // As the edge's motion gate has them: a square of so many pixels around the picture, as its face model sees it, in so
  // many blocks along each side.
  const inputSize = 128;
  const side = 32;
  const block = inputSize / side;

  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = inputSize;
  const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true });
  // Bilinear, no smoothing over more pixels than four: as the edge samples.
  context.imageSmoothingQuality = 'low';

  /** The mean grey (ITU-R BT.601) of each block of a picture, 0 to 255, row by row; black beyond its edges. */
  function gridOf(picture) {
    const scale = inputSize / Math.max(picture.width, picture.height);
    const [width, height] = [picture.width * scale, picture.height * scale];
    context.fillRect(0, 0, inputSize, inputSize);
    context.drawImage(picture, (inputSize - width) / 2, (inputSize - height) / 2, width, height);
    const { data } = context.getImageData(0, 0, inputSize, inputSize);
    const sums = new Float32Array(side * side);
    for (let y = 0, at = 0; y < inputSize; y++) {
      const row = Math.floor(y / block) * side;
      for (let x = 0; x < inputSize; x++, at += 4) {
        sums[row + Math.floor(x / block)] += 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2];
      }
    }
    return Uint8Array.from(sums, sum => sum / (block * block));
  }

  /** The largest difference of two blocks in the same place, grey levels. */
  function difference(one, other) {
    let largest = 0;
    for (let i = 0; i < one.length; i++) largest = Math.max(largest, Math.abs(one[i] - other[i]));
    return largest;
  }

  /**
   * Tells which pictures need not be uploaded, by the edge's own rule: those that show what the models saw when they
   * looked last. Compared with that picture and never with one confirmed since, so that slow changes add up.
   */
  function createGate() {
    let looked = null;
    let isRefused = false;

    /** The frame that a captured one repeats, as the edge knows it; null when its picture is to be sent. */
    function repeated(captured, deviceId, now) {
      if (!looked || isRefused || looked.deviceId !== deviceId || now - looked.at >= looked.maxConfirmMs) return null;
      const { width, height } = captured.canvas;
      if (width !== looked.width || height !== looked.height) return null;
      captured.grid ??= gridOf(captured.canvas);
      return difference(captured.grid, looked.grid) <= looked.threshold ? looked.frame : null;
    }

    /** Takes note of a picture that was sent, while the canvas still holds it. */
    function answered(captured, deviceId, { event, motionGate }, now) {
      // The models have not looked: the edge goes on comparing with the picture of before, and so does this page.
      if (event.unchanged && motionGate) return;
      looked = null;
      const sequence = event.frame?.sequence;
      if (!motionGate || isRefused || !Number.isInteger(sequence)) return;
      const { width, height } = captured.canvas;
      looked = {
        ...motionGate, frame: { sequence, eventId: event.event_id }, deviceId, width, height, at: now,
        grid: captured.grid ?? gridOf(captured.canvas),
      };
    }

    return {
      repeated,
      answered,
      /** The edge wants the picture. */
      forget: () => (looked = null),
      /** The edge does not know of frames without pictures, whatever it said. */
      refuse: () => (isRefused = true),
    };
  }

  EdgeCloud.motion = { createGate, gridOf, difference };
})(window.EdgeCloud ??= {});
