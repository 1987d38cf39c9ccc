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

    function wantedOf({ points, kind }) {
      const between = kind === 'zone' && points.length < mostCorners
        ? points.map((point, index) => mean([point, points[(index + 1) % points.length]])) : [];
      return [
        ...between.map((point, index) => ({ point, after: index })),
        { point: mean(points), corner: whole }, ...points.map((point, corner) => ({ point, corner })),
      ];
    }

    /**
     * The same elements for the same corners, so that what has the focus keeps it.
     * @param label(corner) what a screen reader says of it.
     */
    function draw(shape, label) {
      const { at, unit } = layer.geometry();
      const wanted = wantedOf(shape);
      const of = `${shape.kind} ${wanted.length} ${unit}`;
      if (root.dataset.of !== of) root.replaceChildren(...wanted.map(one => handle(one, unit)));
      root.dataset.of = of;
      wanted.forEach(({ point, corner, after }, index) => {
        const element = root.children[index];
        const [x, y] = at(point);
        element.setAttribute('transform', `translate(${x.toFixed(2)} ${y.toFixed(2)})`);
        if (corner === undefined) {
          element.dataset.after = after;
        } else {
          element.dataset.corner = corner;
          element.setAttribute('aria-label', label(corner));
        }
      });
    }

    function handle({ corner }, unit) {
      const isBetween = corner === undefined;
      const group = make('g', isBetween
        ? { class: 'between', 'aria-hidden': 'true' }
        : { class: corner === whole ? 'handle all' : 'handle', role: 'button', tabindex: 0 });
      group.append(
        make('circle', { class: 'reach', r: (isBetween ? 12 : 18) * unit }),
        make('circle', { class: 'dot', r: (isBetween ? 4 : 7) * unit, 'stroke-width': 2 * unit }));
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
