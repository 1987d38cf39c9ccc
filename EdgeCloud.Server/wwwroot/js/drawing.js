import { percent, plural } from './format.js';

const isBox = face => [face?.xmin, face?.ymin, face?.width, face?.height].every(Number.isFinite);
const isFar = face => face.model === 'full';
const labelOf = face => [
  Number.isFinite(face.track_id) ? `#${face.track_id}` : '', percent(face.conf), isFar(face) ? 'full range' : '',
].filter(Boolean).join(' · ');
const isPoint = point => Array.isArray(point) && point.slice(0, 2).every(Number.isFinite);

function shape(name, attributes, text = '') {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.textContent = text;
  return element;
}

function corners(x, y, w, h, arm, strokeWidth) {
  const corner = (cornerX, cornerY, intoX, intoY) =>
    `M${cornerX + intoX * arm} ${cornerY}H${cornerX}V${cornerY + intoY * arm}`;
  const d = corner(x, y, 1, 1) + corner(x + w, y, -1, 1) + corner(x + w, y + h, -1, -1) + corner(x, y + h, 1, -1);
  return shape('path', { class: 'corners', d, 'stroke-width': strokeWidth });
}

function faceShapes(face, width, height, unit) {
  const [x, y, w, h] = [face.xmin * width, face.ymin * height, face.width * width, face.height * height];
  // At the right, where a label would be cut off, it ends with its box.
  const isRight = face.xmin + face.width / 2 > 0.65;
  const label = isRight ? { x: Math.min(x + w, width), 'text-anchor': 'end' } : { x };
  const labelY = y > 26 * unit ? y - 9 * unit : y + h + 20 * unit;
  return [
    ...isFar(face)
      ? [shape('rect', {
        class: 'box', x, y, width: w, height: h,
        'stroke-width': 2 * unit, 'stroke-dasharray': `${6 * unit} ${5 * unit}`,
      })]
      : [
        shape('rect', { class: 'box', x, y, width: w, height: h, 'stroke-width': unit }),
        corners(x, y, w, h, Math.min(w, h) * 0.22, 3 * unit),
      ],
    ...Object.values(face.keypoints ?? {}).filter(isPoint)
      .map(([pointX, pointY]) =>
        shape('circle', { class: 'keypoint', cx: pointX * width, cy: pointY * height, r: 2.5 * unit })),
    shape('text', { class: 'label', ...label, y: labelY, 'font-size': 15 * unit }, labelOf(face)),
  ];
}

const thumbShapes = (face, width, height, unit) =>
  [shape('rect', {
    class: 'box', x: face.xmin * width, y: face.ymin * height, width: face.width * width, height: face.height * height,
    'stroke-width': 12 * unit, ...isFar(face) ? { 'stroke-dasharray': `${36 * unit} ${24 * unit}` } : {},
  })];

/** How many only the full range model found: their boxes are dashed. */
function far(faces) {
  const count = faces.filter(isFar).length;
  return count ? `, ${count} by the full range model,` : '';
}

/** The size of an event's frame, or of any when it does not say. */
export const frameOf = event =>
  (event?.frame?.width > 0 && event.frame.height > 0 ? event.frame : { width: 640, height: 480 });

/**
 * Draws one DetectionEvent's boxes and key points into an empty frame of its own proportions.
 * @param small leaves out what could not be told apart on a thumbnail.
 */
export function drawEvent(svg, event, small = false) {
  const { width, height } = frameOf(event);
  const unit = Math.max(width, height) / 640;
  const faces = (Array.isArray(event?.faces) ? event.faces : []).filter(isBox);
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  svg.setAttribute('aria-label',
    event ? `${plural(faces.length, 'face')}${far(faces)} in a frame of ${width} by ${height} pixels` : 'No event yet');
  svg.dataset.boxes = faces.length;
  const frame = shape('rect', { class: 'frame', width, height });
  const marks = event || small ? [] : [corners(unit, unit, width - 2 * unit, height - 2 * unit, 20 * unit, 1.5 * unit)];
  svg.replaceChildren(frame, ...marks,
    ...faces.flatMap(face => (small ? thumbShapes(face, width, height, unit) : faceShapes(face, width, height, unit))));
}
