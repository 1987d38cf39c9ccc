'use strict';

(function (EdgeCloud) {
  const { overlay } = EdgeCloud;
  // As the edge does it: so many squares along the longer side of a face with its margin, to each side of its box.
  const squares = 4;
  const margin = 0.35;

  const small = document.createElement('canvas');
  const smallContext = small.getContext('2d', { alpha: false });

  function span(minimum, length, pixels) {
    const clamp = value => Math.min(Math.max(value, 0), pixels);
    const from = clamp(Math.floor((minimum - margin * length) * pixels));
    return [from, clamp(Math.ceil((minimum + (1 + margin) * length) * pixels)) - from];
  }

  /** A few flat squares in place of each face that was found in a canvas. */
  function blurFaces(canvas, event) {
    const context = canvas.getContext('2d', { alpha: false });
    for (const face of overlay.facesIn(event)) {
      const [left, width] = span(face.xmin, face.width, canvas.width);
      const [top, height] = span(face.ymin, face.height, canvas.height);
      if (width <= 0 || height <= 0) continue;
      const square = Math.max(1, Math.max(width, height) / squares);
      small.width = Math.max(1, Math.round(width / square));
      small.height = Math.max(1, Math.round(height / square));
      // Without smoothing one pixel would stand for a square, and not all of them.
      smallContext.imageSmoothingQuality = 'high';
      smallContext.drawImage(canvas, left, top, width, height, 0, 0, small.width, small.height);
      context.imageSmoothingEnabled = false;
      context.drawImage(small, 0, 0, small.width, small.height, left, top, width, height);
      context.imageSmoothingEnabled = true;
    }
  }

  EdgeCloud.blur = { blurFaces };
})(window.EdgeCloud ??= {});
