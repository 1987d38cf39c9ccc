'use strict';

{
  const byId = id => document.getElementById(id);
  const texts = {
    pairing: { tone: 'wait', title: 'Pairing …', detail: '' },
    paired: { tone: 'good', title: 'This phone is paired', detail: 'It sends to this edge until that is taken back.' },
    401: { tone: 'fault', title: 'This code is not valid any more', detail: 'Scan the one that the edge shows now.' },
    429: { tone: 'wait', title: 'Too many tries', detail: 'Wait a minute, then scan the code again.' },
    503: { tone: 'fault', title: 'The edge cannot keep the pairing', detail: 'Its log says why.' },
    away: { tone: 'fault', title: 'The edge does not answer', detail: 'Is it running, and the phone in its network?' },
  };

  function show({ tone, title, detail }) {
    byId('lamp').dataset.tone = tone;
    byId('status-title').textContent = title;
    byId('status-detail').textContent = detail;
  }

  /** The token is in the fragment, which no browser sends: it is posted once, and not kept in the history. */
  async function pair(token) {
    history.replaceState(null, '', location.pathname);
    show(texts.pairing);
    const answer = await fetch('/trust/pair', {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ token }),
    });
    if (answer.ok) location.replace('/');
    else show(texts[answer.status] ?? texts.away);
  }

  async function recognise() {
    const answer = await fetch('/this-phone', { cache: 'no-store' });
    if (!answer.ok) return;
    show(texts.paired);
    byId('go').hidden = false;
  }

  /** Of the certificate that is offered here, reckoned here. */
  async function fingerprint() {
    const der = await (await fetch('/trust/authority.crt', { cache: 'no-store' })).arrayBuffer();
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', der));
    return Array.from(digest, octet => octet.toString(16).padStart(2, '0').toUpperCase()).join(':');
  }

  const token = location.hash.slice(1);
  (token ? pair(token) : recognise()).catch(() => show(texts.away));
  fingerprint().then(
    text => (byId('fingerprint').textContent = text),
    () => (byId('fingerprint').textContent = 'It could not be read.'));
}
