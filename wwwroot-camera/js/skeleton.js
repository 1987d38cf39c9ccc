'use strict';

(function (EdgeCloud) {
  // Which of the 33 landmarks a line joins, as in mediapipe/python/solutions/pose_connections.py.
  const connections = [
    [0, 1], [1, 2], [2, 3], [3, 7], [0, 4], [4, 5], [5, 6], [6, 8], [9, 10],
    [11, 12], [11, 13], [13, 15], [15, 17], [15, 19], [15, 21], [17, 19],
    [12, 14], [14, 16], [16, 18], [16, 20], [16, 22], [18, 20],
    [11, 23], [12, 24], [23, 24], [23, 25], [24, 26], [25, 27], [26, 28],
    [27, 29], [28, 30], [29, 31], [30, 32], [27, 31], [28, 32],
  ];
  const firstBodyLandmark = 11;

  // Below it MediaPipe's own drawing_utils leaves a landmark out too.
  const leastVisibility = 0.5;
  const shade = 'rgb(8 14 13 / 60%)';

  const isLandmark = landmark =>
    Array.isArray(landmark) && landmark.length >= 4 && landmark.slice(0, 4).every(Number.isFinite);
  const isVisible = landmark => isLandmark(landmark) && landmark[3] >= leastVisibility;
  const visibleCount = pose => (Array.isArray(pose?.landmarks) ? pose.landmarks.filter(isVisible).length : 0);

  /** A line is as faint as the less visible of its two ends, from 0.35 at the threshold to 1. */
  const opacity = visibility => 0.35 + 0.65 * (visibility - leastVisibility) / (1 - leastVisibility);

  function drawSkeleton(context, pose, at, colour) {
    const landmarks = Array.isArray(pose?.landmarks) ? pose.landmarks : [];
    const stroke = (first, second, width, style) => {
      context.lineWidth = width;
      context.strokeStyle = style;
      context.beginPath();
      context.moveTo(at.x(first[0]), at.y(first[1]));
      context.lineTo(at.x(second[0]), at.y(second[1]));
      context.stroke();
    };
    for (const [from, to] of connections) {
      const [first, second] = [landmarks[from], landmarks[to]];
      if (!isVisible(first) || !isVisible(second)) continue;
      context.globalAlpha = opacity(Math.min(first[3], second[3]));
      if (from < firstBodyLandmark) {
        // Thin, since the face has a box and points of its own.
        stroke(first, second, 1, colour);
      } else {
        stroke(first, second, 5.5, shade);
        stroke(first, second, 3, colour);
      }
    }
    for (const landmark of landmarks.slice(firstBodyLandmark).filter(isVisible)) {
      context.globalAlpha = opacity(landmark[3]);
      context.beginPath();
      context.arc(at.x(landmark[0]), at.y(landmark[1]), 4, 0, 2 * Math.PI);
      context.fillStyle = colour;
      context.strokeStyle = shade;
      context.lineWidth = 2;
      context.stroke();
      context.fill();
    }
    context.globalAlpha = 1;
  }

  EdgeCloud.skeleton = { drawSkeleton, visibleCount };
})(window.EdgeCloud ??= {});
