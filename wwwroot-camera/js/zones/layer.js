'use strict';

(function (EdgeCloud) {
  const arrowLength = 24;
  const plural = (count, one) => `${count} ${count === 1 ? one : `${one}s`}`;

  function make(name, attributes, text) {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (text !== undefined) element.textContent = text;
    return element;
  }

  const clamp = (value, low, high) => Math.min(Math.max(value, low), Math.max(low, high));
  const path = (points, end = '') => `M${points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}${end}`;

  /**
   * An SVG element that lies over a picture of a frame. Shapes and trails are in the frame's own coordinates; mirroring
   * moves what is drawn, so that text stays readable.
   */
  function createLayer(svg) {
    const [trails, shapes, handles] = ['trails', 'shapes', 'handles'].map(name => make('g', { class: name }));
    svg.replaceChildren(trails, shapes, handles);
    let size = null;
    let mirrored = false;
    let view = null;

    /** @param wanted the frame's pixels, where the element has other proportions; null when it has the frame's. */
    function fit(wanted, isMirrored) {
      if (wanted?.width !== size?.width || wanted?.height !== size?.height) view = null;
      [size, mirrored] = [wanted, isMirrored];
    }

    /** How the frame lies in the element; unit: what is one CSS pixel on the screen. Kept, since it takes a layout. */
    function geometry() {
      view ??= measure();
      return view;
    }

    function measure() {
      const width = size?.width ?? (svg.clientWidth || 640);
      const height = size?.height ?? (svg.clientHeight || 480);
      svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
      return {
        width, height, unit: 1 / (svg.getScreenCTM()?.a || 1),
        at: ([x, y]) => [(mirrored ? 1 - x : x) * width, y * height],
      };
    }

    /** The element has another size. */
    const resized = () => (view = null);

    /** Where in the frame a point of the screen is, within it. */
    function inFrame({ clientX, clientY }) {
      const { width, height } = geometry();
      const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(svg.getScreenCTM().inverse());
      return [clamp(mirrored ? 1 - x / width : x / width, 0, 1), clamp(y / height, 0, 1)];
    }

    function name(text, [x, y]) {
      const { width, height, unit } = geometry();
      const half = text.length * 4 * unit;
      return make('text', {
        class: 'name', x: clamp(x, half + 4 * unit, width - half - 4 * unit),
        y: clamp(y, 16 * unit, height - 6 * unit), 'text-anchor': 'middle', 'font-size': 13 * unit,
        'stroke-width': 3 * unit,
      }, text);
    }

    function drawZone(shape, index, tracks) {
      const view = geometry();
      const points = shape.points.map(view.at);
      const persons = tracks?.personsIn(shape.name);
      const [xs, ys] = [points.map(point => point[0]), points.map(point => point[1])];
      const group = make('g', { class: 'zone', 'data-shape': index, 'data-name': shape.name });
      if (shape.capacity && persons > shape.capacity) group.dataset.over = 'true';
      const of = shape.capacity ? ` of ${shape.capacity}` : '';
      group.append(
        make('path', { class: 'under', d: path(points, 'Z'), 'stroke-width': 4 * view.unit }),
        make('path', { class: 'area', d: path(points, 'Z'), 'stroke-width': 2 * view.unit }),
        // Below, since faces have their labels above.
        name(`${shape.name}${Number.isFinite(persons) ? ` · ${persons}${of}` : ''}`,
          [(Math.min(...xs) + Math.max(...xs)) / 2, Math.max(...ys) - 10 * view.unit]));
      return group;
    }

    /** The arrow points forward, to the left-hand side of who goes from the first point to the second. */
    function drawLine(shape, index, tracks) {
      const view = geometry();
      const { unit } = view;
      const [from, to] = shape.points.map(view.at);
      const side = mirrored ? -1 : 1;
      const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
      const length = Math.hypot(dx, dy) || 1;
      const forward = [(side * dy) / length, (-side * dx) / length];
      const middle = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
      const off = (distance, along = 0) => [
        middle[0] + (forward[0] * distance + (dx / length) * along) * unit,
        middle[1] + (forward[1] * distance + (dy / length) * along) * unit];
      const tip = off(arrowLength);
      const arrow = `${path([middle, tip])}${path([off(arrowLength - 8, -6), tip, off(arrowLength - 8, 6)])}`;
      const counts = tracks?.crossingsOf(shape.name);
      const below = ([x, y]) => [x, y + 5 * unit];
      const group = make('g', { class: 'line', 'data-shape': index, 'data-name': shape.name });
      group.append(
        make('path', { class: 'reach', d: path([from, to]), 'stroke-width': 24 * unit }),
        make('path', { class: 'under', d: path([from, to]) + arrow, 'stroke-width': 5 * unit }),
        make('path', { class: 'stroke', d: path([from, to]) + arrow, 'stroke-width': 2.5 * unit }),
        name(shape.name, from[1] <= to[1] ? [from[0], from[1] + 18 * unit] : [to[0], to[1] + 18 * unit]));
      if (counts) {
        group.append(
          name(String(counts.forward), below(off(arrowLength + 12))),
          name(String(counts.backward), below(off(-16))));
      }
      return group;
    }

    function drawTrail({ id, points }) {
      const { unit, at } = geometry();
      const group = make('g', { class: 'trail', 'data-track': id, 'data-points': points.length });
      const steps = points.slice(1).map((point, index) => make('path', {
        d: path([at(points[index]), at(point)]), 'stroke-width': 3 * unit,
        opacity: ((index + 2) / points.length).toFixed(2),
      }));
      group.append(...steps);
      return group;
    }

    /** What is drawn, in words. */
    function describe(all, tracks) {
      return all.map(({ kind, name: called }) => {
        if (kind === 'line') {
          const { forward, backward } = tracks?.crossingsOf(called) ?? { forward: 0, backward: 0 };
          return `Line ${called}: ${forward} forward, ${backward} backward.`;
        }
        const persons = tracks?.personsIn(called);
        return `Zone ${called}${Number.isFinite(persons) ? `: ${plural(persons, 'person')}` : ''}.`;
      }).join(' ');
    }

    /** @param all the shapes; tracks: whose trails and counts are shown, null for none. */
    function draw(all, tracks, { showsTrails = true, selected = null } = {}) {
      trails.replaceChildren(...(showsTrails && tracks ? tracks.seen() : []).map(drawTrail));
      shapes.replaceChildren(...all.map((shape, index) => {
        const group = (shape.kind === 'line' ? drawLine : drawZone)(shape, index, tracks);
        if (shape === selected) group.dataset.selected = 'true';
        return group;
      }));
    }

    return { fit, resized, geometry, inFrame, draw, describe, handles, isMirrored: () => mirrored };
  }

  EdgeCloud.zoneLayer = { createLayer, make, path, clamp };
})(window.EdgeCloud ??= {});
