'use strict';

(function (EdgeCloud) {
  const byId = id => document.getElementById(id);
  const none = '–';
  const milliseconds = value => (Number.isFinite(value) ? `${value < 100 ? value.toFixed(1) : Math.round(value)} ms` : none);

  // Writing an unchanged text would make a screen reader say it again.
  function write(id, text) {
    const element = byId(id);
    if (element.textContent !== text) element.textContent = text;
  }

  const tones = { running: 'good', starting: 'wait', waiting: 'wait', error: 'fault' };

  /** state: idle, starting, running, waiting (retries by itself) or error (does not). */
  function showState(state, { title, detail }) {
    document.body.dataset.state = state;
    write('status-title', title);
    write('status-detail', detail);
    const lamp = byId('lamp');
    lamp.dataset.tone = tones[state] ?? '';
    lamp.dataset.busy = String(state === 'starting' || state === 'waiting');
    const off = state === 'idle' || state === 'error';
    const [shown, gone] = off ? [byId('start'), byId('stop')] : [byId('stop'), byId('start')];
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
    write('sequence', String(event.frame?.sequence ?? none));
    write('event-id', event.event_id ?? none);
    byId('event-id').title = event.event_id ?? '';
    write('frame-stamp', capturedAt.toLocaleTimeString());
  }

  function clearEvent() {
    for (const id of ['persons', 'round-trip', 'edge-time', 'sequence', 'event-id']) write(id, none);
    write('persons-label', 'persons in frame');
    write('frame-stamp', '');
  }

  function showFramesSent(count) {
    write('frames-sent', count.toLocaleString('en'));
  }

  function showCameras(cameras, selectedId) {
    const select = byId('camera-select');
    select.replaceChildren(new Option('Default camera', ''), ...cameras.map(camera => new Option(camera.label, camera.id)));
    select.value = cameras.some(camera => camera.id === selectedId) ? selectedId : '';
  }

  EdgeCloud.readout = { showState, showEvent, clearEvent, showFramesSent, showCameras, personsIn };
})(window.EdgeCloud ??= {});
