'use strict';

(function (EdgeCloud) {
  const { overlay, blur } = EdgeCloud;

  // Boxes are where the faces were. Three frames without news is no longer the rhythm of the edge, and under this many
  // milliseconds nobody has moved away.
  const staleAfterFrames = 3;
  const leastStaleMs = 2000;

  /**
   * The stage: the camera's live picture or the analysed frame, and over it what the edge found.
   * @param onDraw(mirror) is called after each drawing.
   */
  function createPicture({ video, frame, canvas, switches, onDraw }) {
    const body = document.body;
    const stage = frame.closest('.stage');
    const blurred = document.getElementById('blurred');
    let shown = null;
    let isPhoto = false;
    // As the last answer said, from run to run.
    let isBlurred = false;
    let facesAway = false;
    let staleTimer;

    function draw() {
      const mirror = switches.mirror.checked && !isPhoto && !facesAway;
      body.dataset.mirror = String(mirror);
      body.dataset.view = isPhoto || isBlurred || switches.analysed.checked ? 'analysed' : 'live';
      body.dataset.blur = isBlurred ? 'faces' : 'none';
      blurred.hidden = !isBlurred;
      overlay.draw(canvas, shown, {
        mirror,
        keypoints: switches.keypoints.checked,
        skeleton: switches.skeleton.checked,
        scores: switches.scores.checked,
        tracks: switches.tracks.checked,
      });
      onDraw(mirror);
    }

    const setRatio = (width, height) => stage.style.setProperty('--ratio', `${width} / ${height}`);

    function openCamera(cameraFacesAway) {
      isPhoto = false;
      facesAway = cameraFacesAway;
      body.dataset.camera = 'on';
      draw();
    }

    // Frame and boxes change in one task, so no paint can ever show boxes over another analysed frame than their own.
    function show(event, captured, { isPhoto: ofPhoto, isBlurred: isToBlur, intervalMs }) {
      frame.width = captured.canvas.width;
      frame.height = captured.canvas.height;
      frame.getContext('2d', { alpha: false }).drawImage(captured.canvas, 0, 0);
      isBlurred = isToBlur;
      if (isBlurred) blur.blurFaces(frame, event);
      setRatio(frame.width, frame.height);
      body.dataset.frame = 'shown';
      shown = event;
      isPhoto = ofPhoto;
      fresh();
      if (!ofPhoto) staleTimer = setTimeout(
        () => (body.dataset.stale = 'true'), Math.max(leastStaleMs, intervalMs * staleAfterFrames));
      draw();
    }

    function fresh() {
      clearTimeout(staleTimer);
      delete body.dataset.stale;
    }

    function clear() {
      fresh();
      delete body.dataset.frame;
      delete body.dataset.camera;
      frame.getContext('2d').clearRect(0, 0, frame.width, frame.height);
      shown = null;
      isPhoto = false;
      draw();
    }

    for (const field of Object.values(switches)) field.addEventListener('change', draw);
    // A phone that is turned turns its picture.
    video.addEventListener('resize', () => video.videoWidth > 0 && setRatio(video.videoWidth, video.videoHeight));
    new ResizeObserver(draw).observe(canvas);
    return { openCamera, show, clear, draw };
  }

  EdgeCloud.picture = { createPicture };
})(window.EdgeCloud ??= {});
