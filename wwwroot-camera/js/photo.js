'use strict';

(function (EdgeCloud) {
  const longestSidePixels = 1280;
  const jpegQuality = 0.9;

  /**
   * The picture of a file, turned as its EXIF says and no larger than needed, as a source of one frame. Throws when
   * the browser cannot read it.
   */
  async function readPhoto(file) {
    const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
    const canvas = document.createElement('canvas');
    const scale = Math.min(1, longestSidePixels / Math.max(bitmap.width, bitmap.height));
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    canvas.getContext('2d', { alpha: false }).drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    const image = canvas.toDataURL('image/jpeg', jpegQuality);
    return { capture: () => ({ canvas, capturedAt: new Date(), encode: () => image }) };
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
