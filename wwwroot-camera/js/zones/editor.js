'use strict';

(function (EdgeCloud) {
  const { clamp } = EdgeCloud.zoneLayer;
  const { createHandles, mean, whole, mostCorners } = EdgeCloud.zoneHandles;
  const step = 0.01;
  const largeStep = 0.05;

  /** CSS pixels within which a press is on the first corner, or on the last one once more. */
  const closeBy = 14;

  const rounded = value => Math.round(clamp(value, 0, 1) * 1e4) / 1e4;
  const least = shape => (shape.kind === 'zone' ? 3 : 2);
  const copy = points => points.map(point => [...point]);
  const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  /** Moves points together, as far as all of them stay within the frame. */
  function shifted(points, [dx, dy]) {
    const within = (by, axis) => clamp(
      by, -Math.min(...points.map(point => point[axis])), 1 - Math.max(...points.map(point => point[axis])));
    const [byX, byY] = [within(dx, 0), within(dy, 1)];
    return points.map(([x, y]) => [rounded(x + byX), rounded(y + byY)]);
  }

  /**
   * Drawing and moving shapes on a layer, by mouse, touch and keyboard.
   * @param on.changed(shape) after each change; on.selected(shape); on.drawn(shape), null when it was given up;
   * on.left() when the keyboard leaves a handle.
   */
  function createEditor(svg, layer, say, on) {
    const handles = createHandles(layer);
    let isOn = false;
    let selected = null;
    let drawing = null;
    let pointerAt = null;
    // What is being moved: the corner's index or `whole`, the points before, and by which pointer, if by one.
    let hand = null;

    /** As it is seen, so that the arrow keys go the way that the words say. */
    const spoken = ([x, y]) => {
      const percent = value => Math.round(value * 100);
      return `${percent(layer.isMirrored() ? 1 - x : x)} % from the left, ${percent(y)} % from the top`;
    };

    const pointOf = corner => (corner === whole ? mean(selected.points) : selected.points[corner]);

    function label(corner) {
      const what = corner === whole ? `All of ${selected.name}`
        : selected.kind === 'zone' ? `Corner ${corner + 1} of ${selected.name}`
          : `${corner === 0 ? 'Start' : 'End'} of ${selected.name}`;
      return `${what}, ${spoken(pointOf(corner))}`;
    }

    const distance = (first, second) => {
      const { at, unit } = layer.geometry();
      const [a, b] = [at(first), at(second)];
      return Math.hypot(a[0] - b[0], a[1] - b[1]) / unit;
    };

    function draw() {
      svg.toggleAttribute('data-drawing', drawing !== null);
      if (isOn && drawing) handles.drawNew(drawing.points, hand ? null : pointerAt);
      else if (isOn && selected) handles.draw(selected, label);
      else handles.clear();
    }

    const handleOf = handles.of;

    function move(corner, points) {
      if (corner === whole) selected.points = points;
      else selected.points[corner] = points[0];
      on.changed(selected);
      draw();
    }

    function insert(after) {
      const { points } = selected;
      points.splice(after + 1, 0, mean([points[after], points[(after + 1) % points.length]]).map(rounded));
      on.changed(selected);
      draw();
    }

    function remove(corner) {
      if (selected.kind === 'line' || selected.points.length <= least(selected)) {
        say(selected.kind === 'line' ? 'A line has two ends.' : 'A zone has at least three corners.');
        return;
      }
      selected.points.splice(corner, 1);
      hand = null;
      on.changed(selected);
      draw();
      handleOf(Math.min(corner, selected.points.length - 1)).focus();
      say(`Corner removed, ${selected.points.length} are left.`);
    }

    function putBack() {
      selected.points = hand.before;
      hand = null;
      on.changed(selected);
      draw();
    }

    const hasMoved = () => hand && String(hand.before) !== String(selected.points);

    function onHandleKey(event, corner) {
      const way = arrows[event.key];
      if (way) {
        hand ??= { corner, before: copy(selected.points) };
        const by = way.map(one => one * (event.shiftKey ? largeStep : step));
        if (layer.isMirrored()) by[0] = -by[0];
        move(corner, shifted(corner === whole ? selected.points : [selected.points[corner]], by));
        say(spoken(pointOf(corner)));
      } else if (event.key === 'Delete' || event.key === 'Backspace') {
        if (corner !== whole) remove(corner);
      } else if ((event.key === '+' || event.key === 'Insert') && corner !== whole) {
        if (selected.kind === 'line' || selected.points.length >= mostCorners) return;
        insert(corner);
        handleOf(corner + 1).focus();
      } else if (event.key === 'Escape') {
        if (hasMoved()) {
          putBack();
          say(`Back at ${spoken(pointOf(corner))}.`);
        } else {
          on.left();
        }
      } else {
        return;
      }
      event.preventDefault();
    }

    function onDrawingKey(event) {
      if (event.key === 'Enter') finish();
      else if (event.key === 'Escape') takeBack();
      else return;
      event.preventDefault();
    }

    function takeBack() {
      hand = null;
      if (drawing.points.pop()) {
        say(`Corner taken back, ${drawing.points.length} are left.`);
        draw();
      } else {
        giveUp();
      }
    }

    function giveUp() {
      drawing = pointerAt = hand = null;
      draw();
      on.drawn(null);
    }

    function finish() {
      if (drawing.points.length < least(drawing)) {
        say(drawing.kind === 'zone' ? 'A zone has at least three corners.' : 'A line has two ends.');
        return;
      }
      const shape = drawing;
      drawing = pointerAt = hand = null;
      on.drawn(shape);
    }

    function onDrawingPress(point) {
      const { points } = drawing;
      const isOn = corner => corner && distance(corner, point) < closeBy;
      if (isOn(points.at(-1)) || (points.length >= least(drawing) && isOn(points[0]))) {
        if (points.length >= least(drawing)) finish();
        return;
      }
      points.push(point);
      hand = { corner: points.length - 1 };
      say(`Corner ${points.length}, ${spoken(point)}.`);
      draw();
    }

    function onPress(event) {
      if (!isOn || !event.isPrimary || event.button !== 0) return;
      const point = layer.inFrame(event).map(rounded);
      svg.setPointerCapture(event.pointerId);
      if (drawing) {
        event.preventDefault();
        svg.focus({ preventScroll: true });
        onDrawingPress(point);
        return;
      }
      const [handleAt, betweenAt, shapeAt] = ['.handle', '.between', '[data-shape]']
        .map(kind => event.target.closest(kind));
      let corner = whole;
      if (betweenAt) {
        corner = Number(betweenAt.dataset.after) + 1;
        insert(corner - 1);
      } else if (handleAt) {
        corner = Number(handleAt.dataset.corner);
      } else if (shapeAt) {
        on.selected(Number(shapeAt.dataset.shape));
      } else {
        return;
      }
      event.preventDefault();
      handleOf(corner).focus({ preventScroll: true });
      hand = { corner, before: copy(selected.points), from: point, pointerId: event.pointerId };
    }

    function onMove(event) {
      if (!isOn || !event.isPrimary) return;
      if (drawing) {
        pointerAt = layer.inFrame(event).map(rounded);
        if (hand) drawing.points[hand.corner] = pointerAt;
        draw();
      } else if (hand?.pointerId === event.pointerId) {
        const point = layer.inFrame(event);
        const by = [0, 1].map(axis => point[axis] - hand.from[axis]);
        move(hand.corner, shifted(hand.corner === whole ? hand.before : [hand.before[hand.corner]], by));
      }
    }

    function onRelease(event) {
      if (!isOn || !event.isPrimary) return;
      const isCancelled = event.type === 'pointercancel';
      if (drawing && hand) {
        hand = null;
        if (event.pointerType === 'touch') pointerAt = null;
        if (isCancelled) takeBack();
        else if (drawing.points.length === (drawing.kind === 'zone' ? mostCorners : 2)) finish();
      } else if (hand?.pointerId === event.pointerId) {
        if (isCancelled) putBack();
        else if (hasMoved()) say(spoken(pointOf(hand.corner)));
        hand = null;
      }
    }

    svg.addEventListener('pointerdown', onPress);
    svg.addEventListener('pointermove', onMove);
    for (const end of ['pointerup', 'pointercancel']) svg.addEventListener(end, onRelease);
    svg.addEventListener('keydown', event => {
      if (!isOn) return;
      const handleAt = event.target.closest('.handle');
      if (drawing) onDrawingKey(event);
      else if (handleAt) onHandleKey(event, Number(handleAt.dataset.corner));
    });
    layer.handles.addEventListener('focusout', () => {
      if (hand && !('pointerId' in hand)) hand = null;
    });

    return {
      draw,
      turn(wanted) {
        isOn = wanted;
        if (!isOn) drawing = pointerAt = hand = null;
        draw();
      },
      select(shape) {
        if (selected !== shape) hand = null;
        selected = shape;
        draw();
      },
      begin(shape) {
        drawing = shape;
        selected = null;
        draw();
        svg.focus({ preventScroll: true });
      },
      isDrawing: () => drawing !== null,
      focus: () => handleOf(whole)?.focus(),
    };
  }

  EdgeCloud.zoneEditor = { createEditor };
})(window.EdgeCloud ??= {});
