'use strict';

(function (EdgeCloud) {
  const { drawSkeleton, visibleCount } = EdgeCloud.skeleton;
  const keypointRadius = 2.2;
  const shade = 'rgb(8 14 13 / 55%)';

  const isBox = face => [face?.xmin, face?.ymin, face?.width, face?.height].every(Number.isFinite);
  const facesIn = event => (Array.isArray(event?.faces) ? event.faces : []).filter(isBox);
  const posesIn = event => (Array.isArray(event?.poses) ? event.poses : []);
  const percent = conf => (Number.isFinite(conf) ? `${Math.round(conf * 100)} %` : 'face');

  /** Which of MediaPipe's face models found a face; nothing for an edge that does not tell. */
  const modelOf = face => (['short', 'full'].includes(face?.model) ? `${face.model} range` : '');
  const isFar = face => face.model === 'full';
  const idOf = face => (Number.isFinite(face?.track_id) ? `#${face.track_id}` : '');
  const labelOf = (face, { scores, tracks }) =>
    [tracks ? idOf(face) : '', ...(scores ? [percent(face.conf), isFar(face) ? modelOf(face) : ''] : [])]
      .filter(Boolean).join(' · ');
  const dashes = [6, 5];

  /** Relative coordinates to CSS pixels of the overlay. Mirroring moves what is drawn, so that text stays readable. */
  function place(canvas, mirrored) {
    const { clientWidth: width, clientHeight: height } = canvas;
    const x = relative => (mirrored ? 1 - relative : relative) * width;
    const y = relative => relative * height;
    const box = face => ({
      left: x(mirrored ? face.xmin + face.width : face.xmin),
      top: y(face.ymin),
      width: face.width * width,
      height: face.height * height,
    });
    return { x, y, box, width, height };
  }

  function corners({ left, top, width, height }) {
    const arm = Math.min(width, height) * 0.22;
    const [right, bottom] = [left + width, top + height];
    const path = new Path2D();
    for (const [cornerX, cornerY, intoX, intoY]
        of [[left, top, 1, 1], [right, top, -1, 1], [right, bottom, -1, -1], [left, bottom, 1, -1]]) {
      path.moveTo(cornerX + intoX * arm, cornerY);
      path.lineTo(cornerX, cornerY);
      path.lineTo(cornerX, cornerY + intoY * arm);
    }
    return path;
  }

  // Dark below bright: the line is seen on a white wall and on a black shirt. What the full range model found is dashed
  // and has no corners, so that it is told apart without colour.
  function drawBox(context, box, signal, far) {
    const outline = new Path2D();
    outline.rect(box.left, box.top, box.width, box.height);
    const marks = corners(box);
    const lines = far
      ? [[outline, 4, shade], [outline, 2, signal]]
      : [[outline, 3.5, shade], [marks, 6, shade], [outline, 1.5, signal], [marks, 3.5, signal]];
    context.setLineDash(far ? dashes : []);
    for (const [path, width, style] of lines) {
      context.lineWidth = width;
      context.strokeStyle = style;
      context.stroke(path);
    }
    context.setLineDash([]);
  }

  function drawKeypoints(context, face, at, signal) {
    for (const point of Object.values(face.keypoints ?? {})) {
      if (!Array.isArray(point) || !point.slice(0, 2).every(Number.isFinite)) continue;
      context.beginPath();
      context.arc(at.x(point[0]), at.y(point[1]), keypointRadius, 0, 2 * Math.PI);
      context.fillStyle = signal;
      context.strokeStyle = shade;
      context.lineWidth = 2;
      context.stroke();
      context.fill();
    }
  }

  function drawLabel(context, text, box, at, colours) {
    const [width, height] = [context.measureText(text).width + 14, 22];
    const above = box.top - height - 5;
    const left = Math.max(2, Math.min(box.left - 1, at.width - width - 2));
    const top = above >= 2 ? above : Math.max(2, Math.min(box.top + box.height + 5, at.height - height - 2));
    context.fillStyle = colours.signal;
    context.beginPath();
    // Safari before 16 and Firefox before 112 know corners only.
    if (context.roundRect) context.roundRect(left, top, width, height, 6);
    else context.rect(left, top, width, height);
    context.fill();
    context.fillStyle = colours.onSignal;
    context.fillText(text, left + 7, top + height / 2 + 0.5);
  }

  /**
   * Draws the faces and the pose of one DetectionEvent, at the screen's own resolution, and says how many in
   * `data-boxes` and `data-poses`. `shows` has the switches mirror, keypoints, skeleton, scores and tracks.
   */
  function draw(canvas, event, shows) {
    const faces = facesIn(event);
    const poses = shows.skeleton ? posesIn(event).filter(pose => visibleCount(pose) > 0) : [];
    const style = getComputedStyle(canvas);
    const colour = name => style.getPropertyValue(name).trim();
    const colours = { signal: colour('--signal'), onSignal: colour('--on-signal'), bone: colour('--bone') };
    const at = place(canvas, shows.mirror);
    const [width, height] = [Math.round(at.width * devicePixelRatio), Math.round(at.height * devicePixelRatio)];
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    const context = canvas.getContext('2d');
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, at.width, at.height);
    context.font = `600 13px ${colour('--sans')}`;
    context.textBaseline = 'middle';
    context.lineJoin = context.lineCap = 'round';

    for (const pose of poses) drawSkeleton(context, pose, at, colours.bone);
    for (const face of faces) {
      drawBox(context, at.box(face), colours.signal, isFar(face));
      if (shows.keypoints) drawKeypoints(context, face, at, colours.signal);
    }
    for (const face of faces) {
      const label = labelOf(face, shows);
      if (label) drawLabel(context, label, at.box(face), at, colours);
    }

    canvas.dataset.boxes = faces.length;
    canvas.dataset.poses = poses.length;
    canvas.setAttribute('aria-label', describe(faces, event));
  }

  function describe(faces, event) {
    if (!event) return 'No frame analysed yet';
    if (faces.length === 0) return 'Analysed frame without a face';
    return `Analysed frame with ${faces.length === 1 ? 'one face' : `${faces.length} faces`}: `
      + faces.map(face => [`${idOf(face)} ${percent(face.conf)}`.trim(), modelOf(face)].filter(Boolean).join(' by '))
        .join(', ');
  }

  EdgeCloud.overlay = { draw, facesIn, posesIn, percent, modelOf, idOf };
})(window.EdgeCloud ??= {});
