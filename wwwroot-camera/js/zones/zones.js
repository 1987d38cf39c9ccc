'use strict';

(function (EdgeCloud) {
  const { zonesClient, tracks, zoneLayer, zoneEditor, zonePanel } = EdgeCloud;
  const { plural } = zonePanel;
  const everyMs = 30_000;

  /** As often at most, where the device that is shown changes all the time. */
  const lookEveryMs = 1000;
  const mostDevices = 256;
  const mostShapes = 16;
  const first = {
    zone: [[0.35, 0.35], [0.65, 0.35], [0.65, 0.65], [0.35, 0.65]],
    line: [[0.5, 0.25], [0.5, 0.75]],
  };

  const copyOf = shapes => shapes.map(shape => ({ ...shape, points: shape.points.map(point => [...point]) }));

  /**
   * The zones and lines of devices, and the ways of their tracks: drawn on the SVG element that lies over the picture,
   * edited there and in the <details> element.
   * @param edge(deviceId) the base URL of the device's edge, null for none; say(text) to screen readers.
   * @param onEditing() when another device may have come to be the one that is edited.
   * @param hidesWithoutEdge whether the panel is hidden while there is no edge that has zones.
   */
  function createZones({ svg, details, edge, say, onEditing = () => {}, hidesWithoutEdge = false }) {
    const layer = zoneLayer.createLayer(svg);
    const devices = new Map();
    let shown = null;
    let shows = { tracks: true, zones: true };
    // What is edited: { id, version, shapes, isDirty }; there is one while the panel is open, or has unsaved changes.
    let draft = null;
    let selected = null;
    let asking = false;
    let askedAt = -Infinity;
    let saving = false;

    const tell = (text, tone, offersLoading) => {
      panel.say(text, tone, offersLoading);
      if (text) say(text);
    };

    const editor = zoneEditor.createEditor(svg, layer, say, {
      changed: () => changed(),
      selected: index => select(draft.shapes[index]),
      left: () => panel.focusRow(selected),
      drawn(shape) {
        if (shape) add(shape);
        else tell('Nothing was drawn.');
        show();
      },
    });

    const panel = zonePanel.createPanel(details, {
      opened(isOpen) {
        if (!isOpen) select(null);
        editor.turn(isOpen);
        follow();
        onEditing();
        show();
      },
      add: begin,
      select: shape => select(shape),
      move(shape) {
        select(shape);
        svg.scrollIntoView({ block: 'nearest' });
        editor.focus();
      },
      changed: () => changed(),
      remove(shape) {
        draft.shapes.splice(draft.shapes.indexOf(shape), 1);
        if (shape === selected) select(null);
        changed();
        tell(`${shape.name} deleted; Save makes it so.`);
      },
      save,
      discard() {
        if (!draft?.isDirty) return;
        draft = null;
        select(null);
        follow();
        tell('Changes discarded.');
        onEditing();
        show();
      },
      async load() {
        const { id } = draft;
        await ask(id, true);
        const { problem } = device(id);
        if (problem) {
          tell(problem, 'fault', true);
          return;
        }
        draft = null;
        select(null);
        follow();
        tell('These are the zones as they are now.');
        show();
      },
    });

    function freeName(kind) {
      const names = new Set(draft.shapes.map(shape => shape.name));
      let number = 1;
      while (names.has(`${kind} ${number}`)) number++;
      return `${kind} ${number}`;
    }

    function begin(kind, byKeyboard) {
      if (!draft) {
        tell('The zones are not known yet.', 'fault');
      } else if (draft.shapes.filter(shape => shape.kind === kind).length >= mostShapes) {
        tell(`A device has at most ${plural(mostShapes, kind)}.`, 'fault');
      } else if (byKeyboard) {
        add({ kind, name: freeName(kind), points: first[kind].map(point => [...point]) });
        editor.focus();
      } else {
        select(null);
        editor.begin({ kind, name: freeName(kind), points: [] });
        svg.scrollIntoView({ block: 'nearest' });
        tell(kind === 'zone' ? 'Press the corners on the picture.' : 'Press both ends on the picture.');
      }
    }

    function add(shape) {
      // Zones before lines, as the edge has them.
      const lines = draft.shapes.findIndex(one => one.kind === 'line');
      draft.shapes.splice(shape.kind === 'line' || lines < 0 ? draft.shapes.length : lines, 0, shape);
      select(shape);
      changed();
      tell(`${shape.name} is there; Save makes it so.`);
    }

    function select(shape) {
      if (shape === selected || (shape && editor.isDrawing())) return;
      selected = shape;
      editor.select(shape);
      show();
    }

    function changed() {
      draft.isDirty = true;
      show();
    }

    /** What is known of a device, made when it is first asked for; the one that was longest not asked for goes. */
    function device(id) {
      const known = devices.get(id) ?? { tracks: tracks.createTracks(), answer: null, problem: '', askedAt: -Infinity };
      devices.delete(id);
      devices.set(id, known);
      if (devices.size > mostDevices) devices.delete(devices.keys().next().value);
      return known;
    }

    /** The draft begins with what the edge has, and goes with it until something is changed. */
    function follow() {
      if (draft?.isDirty || editor.isDrawing()) return;
      const answer = details.open && shown !== null ? device(shown).answer : null;
      if (answer && draft?.id === shown && draft.version === answer.version) return;
      if (selected) select(null);
      draft = answer && { id: shown, version: answer.version, shapes: copyOf(answer.shapes), isDirty: false };
    }

    async function ask(id, isNow = false) {
      const known = device(id);
      const now = performance.now();
      const isEarly = known.askedAt > now - everyMs || askedAt > now - lookEveryMs;
      if (!isNow && (asking || document.hidden || isEarly)) return;
      const base = edge(id);
      known.askedAt = askedAt = now;
      asking = true;
      try {
        if (!base) throw new Error('The address of the edge is none.');
        const answer = await zonesClient.read(base, id);
        if (String(edge(id)) === String(base)) Object.assign(known, { answer, problem: '' });
      } catch (error) {
        known.problem = error.status === 404 ? 'This edge has no zones.' : error.message;
        if (error.status === 404) known.answer = null;
      }
      asking = false;
      if (id !== shown) return;
      follow();
      show();
    }

    async function save() {
      if (!draft?.isDirty || saving) return;
      const { id } = draft;
      const sent = draft;
      const what = JSON.stringify(sent.shapes);
      saving = true;
      tell('Saving …');
      try {
        const answer = await zonesClient.write(edge(id), id, sent);
        Object.assign(device(id), { answer, problem: '' });
        sent.version = answer.version;
        // What was changed meanwhile is still to be saved.
        sent.isDirty = JSON.stringify(sent.shapes) !== what;
        tell('Saved.', 'good');
        onEditing();
      } catch (error) {
        await explain(error, sent);
      }
      saving = false;
      show();
    }

    /** 409 means that they were changed by somebody else, or that they cannot be changed at all. */
    async function explain(error, sent) {
      if (error.status !== 409) {
        tell(`Not saved. ${error.message}`, 'fault');
        return;
      }
      const now = await zonesClient.read(edge(sent.id), sent.id).catch(() => null);
      const isOther = now === null || now.version !== sent.version;
      tell(isOther
        ? 'Not saved: somebody else has changed the zones meanwhile. You can load those; then your changes are lost.'
        : `Not saved. ${error.message}`, 'fault', isOther);
    }

    function summary(known, shapes) {
      if (!known) return 'No device yet';
      if (!known.answer) return known.problem || 'Asking the edge …';
      const count = kind => shapes.filter(shape => shape.kind === kind).length;
      const parts = [[count('zone'), 'zone'], [count('line'), 'line']].filter(([many]) => many > 0)
        .map(([many, one]) => plural(many, one));
      const text = parts.length ? parts.join(', ') : 'none';
      return [text, draft?.isDirty ? 'not saved' : '', known.problem].filter(Boolean).join(' · ');
    }

    function show() {
      const known = shown === null ? null : device(shown);
      const isEdited = draft !== null && draft.id === shown;
      const shapes = isEdited ? draft.shapes : (known?.answer?.shapes ?? []);
      const drawn = shows.zones || details.open ? shapes : [];
      layer.draw(drawn, known?.tracks ?? null, { showsTrails: shows.tracks, selected });
      editor.draw();
      const isEditing = details.open && isEdited;
      svg.toggleAttribute('data-editing', isEditing);
      svg.setAttribute('role', isEditing ? 'application' : 'img');
      svg.setAttribute('aria-label', isEditing
        ? `Zones of ${shown}, over the picture`
        : layer.describe(drawn, known?.tracks) || 'No zones');
      if (isEditing) svg.setAttribute('tabindex', -1);
      else svg.removeAttribute('tabindex');
      // While the edge is asked it stays as it is: what comes and goes cannot be pressed.
      if (known?.answer || draft) details.hidden = false;
      else if (known?.problem) details.hidden = hidesWithoutEdge;
      panel.show({
        heading: draft ? `Zones of ${draft.id}` : 'Zones', text: summary(known, shapes), shapes: isEdited ? shapes : [],
        tracks: known?.tracks, selected, isDirty: Boolean(draft?.isDirty), isReadable: isEdited,
      });
    }

    setInterval(() => shown !== null && ask(shown), lookEveryMs);
    document.addEventListener('visibilitychange', () => shown !== null && ask(shown));
    new ResizeObserver(() => {
      layer.resized();
      show();
    }).observe(svg);
    show();

    return {
      /** The device that is edited, and so the one to show; null for none. */
      edited: () => (details.open ? shown : (draft?.isDirty ? draft.id : null)),

      /** An event that has come: each once. */
      take: event => device(event.device_id ?? shown).tracks.take(event),

      /** Shows a device. @param fit the frame's size, as of createLayer; isMirrored; what the reader wants to see. */
      show(id, { size = null, isMirrored = false, wanted = shows } = {}) {
        if (draft?.isDirty && id !== draft.id) id = draft.id;
        layer.fit(size, isMirrored);
        shows = wanted;
        const isOther = id !== shown;
        shown = id;
        if (isOther) follow();
        if (id !== null) ask(id);
        show();
      },

      /** The device's edge is another one. */
      again() {
        if (shown === null) return;
        Object.assign(device(shown), { answer: null, problem: '' });
        ask(shown, true);
      },

      /** Nothing is seen any more. */
      pause() {
        if (shown !== null) device(shown).tracks.pause();
        show();
      },

      add: extra => panel.add(extra),
    };
  }

  EdgeCloud.zones = { createZones };
})(window.EdgeCloud ??= {});
