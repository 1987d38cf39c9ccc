import { duration, number, write } from './format.js';

const byId = id => document.getElementById(id);
let countdown;

// The title is announced, so it changes with the state alone; numbers go to the detail, which is not.
function show(connection, tone, title, detail) {
  clearInterval(countdown);
  document.body.dataset.connection = connection;
  byId('bar').dataset.tone = byId('lamp').dataset.tone = tone;
  byId('lamp').dataset.busy = String(tone !== 'good');
  byId('retry').hidden = connection !== 'lost';
  byId('replay').hidden = connection !== 'reading';
  write(byId('status'), title);
  write(byId('status-detail'), detail);
}

export const showConnecting = () => show('connecting', 'wait', 'Connecting', 'Asking the server what it knows.');

export function showLost(pauseMs) {
  const until = Date.now() + pauseMs;
  const left = () => 'What you see is the last that came. '
    + `Trying again ${until - Date.now() > 1000 ? `in ${Math.ceil((until - Date.now()) / 1000)} s` : 'now'}.`;
  show('lost', 'fault', 'Connection lost', left());
  countdown = setInterval(() => write(byId('status-detail'), left()), 1000);
}

/** Live, or, while the server has not caught up, how far it has come. */
export function showReading({ caught_up: isCaughtUp, replay }) {
  if (isCaughtUp) {
    show('live', 'good', 'Live', 'Everything Kafka keeps has been read.');
    return;
  }
  if (!replay) {
    show('waiting', 'wait', 'The server waits for Kafka', 'It has no partition to read from yet. Is the broker up?');
    return;
  }
  const left = Number.isFinite(replay.seconds_left) ? `, about ${duration(replay.seconds_left * 1000)} to go` : '';
  show('reading', 'wait', 'The server reads what Kafka kept', `${number(replay.position)} of ${number(replay.total)} `
    + `messages, ${number(replay.messages_per_second)} a second${left}.`);
  byId('replay').value = replay.total > 0 ? replay.position / replay.total : 0;
}
