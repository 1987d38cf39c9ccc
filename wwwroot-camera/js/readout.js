'use strict';

(function (EdgeCloud) {
  const { facesIn, posesIn, percent, modelOf, idOf } = EdgeCloud.overlay;
  const { visibleCount } = EdgeCloud.skeleton;
  const byId = id => document.getElementById(id);
  const none = '–';
  const landmarks = 33;
  const milliseconds = value =>
    (Number.isFinite(value) ? `${value < 100 ? value.toFixed(1) : Math.round(value)} ms` : none);
  const perSecond = value => `${value.toFixed(1)} /s`;

  function write(id, text) {
    const element = byId(id);
    if (element.textContent !== text) element.textContent = text;
  }

  const tones = { running: 'good', photo: 'good', starting: 'wait', waiting: 'wait', error: 'fault' };
  const busy = ['starting', 'waiting'];

  /**
   * state: idle, starting, running, paused, waiting (retries by itself), photo (one was looked at) or error
   * (goes no further by itself).
   */
  function showState(state, { title, detail }) {
    document.body.dataset.state = state;
    write('status-title', title);
    write('status-detail', detail);
    const lamp = byId('lamp');
    lamp.dataset.tone = tones[state] ?? '';
    lamp.dataset.busy = String(busy.includes(state));
  }

  function showStartOrStop(isRunning) {
    const [shown, gone] = isRunning ? [byId('stop'), byId('start')] : [byId('start'), byId('stop')];
    const hadFocus = document.activeElement === gone;
    shown.hidden = false;
    gone.hidden = true;
    if (hadFocus) shown.focus();
  }

  const personsIn = event => event.persons_detected ?? event.faces?.length ?? 0;

  function showEvent(event, roundTripMs, capturedAt) {
    const persons = personsIn(event);
    write('persons', String(persons));
    write('persons-label', persons === 1 ? 'person in frame' : 'persons in frame');
    write('round-trip', milliseconds(roundTripMs));
    write('edge-time', milliseconds(event.timing_ms?.total));
    write('event-id', event.event_id ?? none);
    write('frame-stamp', capturedAt.toLocaleTimeString());
    showBoxes(event);
  }

  function clearEvent() {
    for (const id of ['persons', 'round-trip', 'edge-time', 'event-id', 'trace-id']) write(id, none);
    write('persons-label', 'persons in frame');
    write('frame-stamp', '');
    showBoxes(null);
  }

  /** @param detail what is to be said below the row's head, if anything */
  function row(texts, detail = '') {
    const tr = document.createElement('tr');
    const [head, ...cells] = texts.map((text, index) =>
      Object.assign(document.createElement(index === 0 ? 'th' : 'td'), { textContent: text }));
    head.scope = 'row';
    if (detail) head.append(' ', Object.assign(document.createElement('small'), { textContent: detail }));
    tr.append(head, ...cells);
    return tr;
  }

  function note(text) {
    const td = Object.assign(document.createElement('td'), { textContent: text, colSpan: 6, className: 'none' });
    const tr = document.createElement('tr');
    tr.append(td);
    return tr;
  }

  /** The table says in numbers what the overlay draws; positions in per cent of the frame. */
  function showBoxes(event) {
    const faces = facesIn(event).map((face, index) =>
      row(
        [`Face ${index + 1}`, percent(face.conf), ...[face.xmin, face.ymin, face.width, face.height].map(inFrame)],
        [idOf(face), modelOf(face)].filter(Boolean).join(' · ')));
    const poses = posesIn(event).map(pose => {
      const tr = row(['Pose', percent(pose.conf)]);
      tr.append(Object.assign(document.createElement('td'),
        { textContent: `${visibleCount(pose)} of ${landmarks} points visible`, colSpan: 4 }));
      return tr;
    });
    const rows = [...faces, ...poses];
    byId('boxes').replaceChildren(
      ...(rows.length ? rows : [note(event ? 'Nothing in this frame.' : 'No frame analysed yet.')]));
  }

  const inFrame = relative => `${(relative * 100).toFixed(1)} %`;

  function showTrace({ sampled, traceId }) {
    if (sampled) write('trace-id', traceId);
  }

  /** @param meters sent, processed and skipped */
  function showTotals(meters) {
    for (const [name, meter] of Object.entries(meters))
      write(`${name}-total`, `${meter.total().toLocaleString('en')} in all`);
  }

  const digits = value => value.toLocaleString('en', { maximumSignificantDigits: 3 });
  const bytes = value => (value < 1e6 ? `${digits(value / 1e3)} kB` : `${digits(value / 1e6)} MB`);
  const joules = value => (value < 1 ? `${digits(value * 1e3)} mJ` : `${digits(value)} J`);

  /** What was spared by not uploading unchanged frames. */
  function showSpared({ frames, bytes: sparedBytes, joules: sparedJoules }) {
    const count = frames === 1 ? '1 frame' : `${frames.toLocaleString('en')} frames`;
    const parts = [count, bytes(sparedBytes), joules(sparedJoules)].map(part => part.replace(' ', '\u00a0'));
    write('spared', frames === 0 ? none : parts.join(', '));
  }

  function showRates(meters, now) {
    for (const [name, meter] of Object.entries(meters)) write(`${name}-rate`, perSecond(meter.perSecond(now)));
  }

  function clearRates() {
    for (const name of ['sent', 'processed', 'skipped']) write(`${name}-rate`, none);
  }

  /**
   * @param missing the camera chosen last time, when it is not among those known: it is offered all the same, since
   * before permission none is known.
   */
  function showCameras(cameras, selectedId, missing) {
    const known = cameras.some(camera => camera.id === selectedId);
    const offered = !known && missing?.id && missing.id === selectedId ? [...cameras, missing] : cameras;
    const select = byId('camera-select');
    select.replaceChildren(
      new Option('Default camera', ''), ...offered.map(camera => new Option(camera.label, camera.id)));
    select.value = offered.some(camera => camera.id === selectedId) ? selectedId : '';
  }

  EdgeCloud.readout = {
    showState, showStartOrStop, showEvent, clearEvent, showTrace, showTotals, showSpared, showRates, clearRates,
    showCameras, personsIn,
  };
})(window.EdgeCloud ??= {});
