'use strict';

(function (EdgeCloud) {
  const { make, path } = EdgeCloud.zoneLayer;
  const mostCorners = 32;

  /** In place of a corner's index: all of the shape. */
  const whole = -1;

  const mean = points => [0, 1].map(axis => points.reduce((sum, point) => sum + point[axis], 0) / points.length);

  /** What a shape is moved by: a handle on each corner, one in the middle, and dots where a corner can be made. */
  function createHandles(layer) {
    const root = layer.handles;
    const [between, corners] = [make('g', {}), make('g', {})];

    /**
     * The same elements for the same corners: what has the focus keeps it, and a finger, whose touch is the element's,
     * is not lost when there are more.
     * @param label(corner) what a screen reader says of it.
     */
    function draw({ kind, points }, label) {
      const { unit } = layer.geometry();
      const of = `${kind} ${unit}`;
      if (root.dataset.of !== of) {
        for (const group of [between, corners]) group.replaceChildren();
        root.replaceChildren(between, corners);
        root.dataset.of = of;
      }
      const halves = kind === 'zone' && points.length < mostCorners
        ? points.map((point, index) => mean([point, points[(index + 1) % points.length]])) : [];
      fill(between, halves, () => dot('between', unit, 12, 4)).forEach((element, index) => {
        element.setAttribute('aria-hidden', 'true');
        element.dataset.after = index;
      });
      fill(corners, [mean(points), ...points], () => dot('handle', unit, 18, 7)).forEach((element, index) => {
        const corner = index === 0 ? whole : index - 1;
        element.classList.toggle('all', corner === whole);
        element.setAttribute('role', 'button');
        element.setAttribute('tabindex', 0);
        element.setAttribute('aria-label', label(corner));
        element.dataset.corner = corner;
      });
    }

    function fill(group, points, makeOne) {
      const { at } = layer.geometry();
      while (group.children.length < points.length) group.append(makeOne());
      while (group.children.length > points.length) group.lastChild.remove();
      return [...group.children].map((element, index) => {
        const [x, y] = at(points[index]);
        element.setAttribute('transform', `translate(${x.toFixed(2)} ${y.toFixed(2)})`);
        return element;
      });
    }

    function dot(className, unit, reach, radius) {
      const group = make('g', { class: className });
      group.append(
        make('circle', { class: 'reach', r: reach * unit }),
        make('circle', { class: 'dot', r: radius * unit, 'stroke-width': 2 * unit }));
      return group;
    }

    /** @param next where the next corner would be, null when that is not known. */
    function drawNew(points, next) {
      clear();
      const { at, unit } = layer.geometry();
      const way = (next ? [...points, next] : points).map(at);
      if (way.length > 1) root.append(make('path', { class: 'rubber', d: path(way), 'stroke-width': 2 * unit }));
      root.append(...points.map(at).map(([cx, cy]) =>
        make('circle', { class: 'dot', cx, cy, r: 6 * unit, 'stroke-width': 2 * unit })));
    }

    function clear() {
      root.replaceChildren();
      delete root.dataset.of;
    }

    return { draw, drawNew, clear, of: corner => root.querySelector(`[data-corner="${corner}"]`) };
  }

  EdgeCloud.zoneHandles = { createHandles, mean, whole, mostCorners };
})(window.EdgeCloud ??= {});
