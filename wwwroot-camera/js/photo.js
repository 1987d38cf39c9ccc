'use strict';

(function (EdgeCloud) {
  // More than cameras take: the edge may be set to accept any number of pixels, a browser's canvas holds only so many.
  const mostPixels = 64 * 1024 * 1024;

  // What every edge accepts that accepts photos at all.
  const leastSidePixels = 1280;
  const jpegQuality = 0.9;

  // Of the body, besides the picture in it.
  const otherBytes = 512;

  /**
   * The picture of a file, turned as its EXIF says, as a source of one frame that is to be looked at closely. `shrink`
   * makes it fit into what an EdgeError says that the edge takes, and is false when that would leave too little of it;
   * `size` says how large it is once it is smaller than it was. Throws when the browser cannot read the file.
   */
  async function readPhoto(file) {
    const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
    const canvas = document.createElement('canvas');
    let image;

    function draw(scale) {
      canvas.width = Math.max(1, Math.floor(bitmap.width * scale));
      canvas.height = Math.max(1, Math.floor(bitmap.height * scale));
      const context = canvas.getContext('2d', { alpha: false });
      context.imageSmoothingQuality = 'high';
      context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
      image = canvas.toDataURL('image/jpeg', jpegQuality);
    }

    function shrink({ maxPixels, maxBytes }) {
      if (Math.max(canvas.width, canvas.height) <= leastSidePixels) return false;
      const part = maxPixels ? maxPixels / (canvas.width * canvas.height)
        : maxBytes ? 0.95 * (maxBytes - otherBytes) / image.length
          : 0.5;
      // What is said to be too large and would fit is so for another reason.
      draw(canvas.width / bitmap.width * Math.sqrt(part < 1 ? part : 0.5));
      return true;
    }

    draw(Math.min(1, Math.sqrt(mostPixels / (bitmap.width * bitmap.height))));
    return {
      capture: () => ({ canvas, capturedAt: new Date(), encode: () => image, detail: 'high' }),
      shrink,
      size: () => (canvas.width < bitmap.width ? { width: canvas.width, height: canvas.height } : null),
    };
  }

  const bringsFiles = event => event.dataTransfer?.types.includes('Files');

  /**
   * Calls `onPhoto` with every file that is dropped on the page, pasted, or chosen; `data-drop` on the body says
   * that one is being dragged.
   */
  function accept(button, input, onPhoto) {
    const first = files => files?.length > 0 && onPhoto(files[0]);
    button.addEventListener('click', () => input.click());
    input.addEventListener('change', () => {
      first(input.files);
      // So that choosing the same file again is a change again.
      input.value = '';
    });
    document.addEventListener('paste', event => first(event.clipboardData?.files));

    const mark = isOver => (isOver ? (document.body.dataset.drop = 'over') : delete document.body.dataset.drop);
    document.addEventListener('dragover', event => {
      if (!bringsFiles(event)) return;
      event.preventDefault();
      mark(true);
    });
    document.addEventListener('dragleave', event => event.relatedTarget ?? mark(false));
    document.addEventListener('drop', event => {
      if (!bringsFiles(event)) return;
      event.preventDefault();
      mark(false);
      first(event.dataTransfer.files);
    });
  }

  EdgeCloud.photo = { readPhoto, accept };
})(window.EdgeCloud ??= {});
