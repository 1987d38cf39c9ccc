import { frameOf } from './drawing.js';

const prefix = 'edgecloud.live.edge.';
const byId = id => document.getElementById(id);
const defaultEdge = `${location.protocol}//${location.hostname}:9001`;

// Private windows forbid storage by throwing.
function recall(deviceId) {
  try {
    return localStorage.getItem(prefix + deviceId) ?? '';
  } catch {
    return '';
  }
}

function remember(deviceId, address) {
  try {
    if (address) localStorage.setItem(prefix + deviceId, address);
    else localStorage.removeItem(prefix + deviceId);
  } catch {
    // It lasts as long as the page then.
  }
}

/** The base URL that an address means; null when it means none. */
function baseOf(address) {
  try {
    const url = new URL(/^[a-z][a-z\d+.-]*:\/\//i.test(address) ? address : `${location.protocol}//${address}`);
    if (!url.pathname.endsWith('/')) url.pathname += '/';
    return /^https?:$/.test(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

/**
 * The zones over the newest frame. They are the edges' own: this browser asks each device's edge for them, at an
 * address that can be chosen.
 */
export class ZonesPanel {
  #typed = new Map();
  #address;
  #shown = null;
  #zones;

  /** @param onEditing() when another device may have come to be the one that is edited. */
  constructor(onEditing) {
    this.#zones = window.EdgeCloud.zones.createZones({
      svg: byId('zones-layer'),
      details: byId('zones'),
      edge: id => baseOf(this.#addressOf(id) || defaultEdge),
      say: text => (byId('announcer').textContent = text),
      onEditing,
    });
    this.#zones.add(this.#field());
  }

  /** The device that is edited, and so the one to show; null for none. */
  get edited() {
    return this.#zones.edited();
  }

  take(events) {
    for (const event of events) this.#zones.take(event);
  }

  /** @param id of the device; event: its newest, if there is one. */
  show(id, event) {
    this.#zones.show(id, { size: frameOf(event) });
    if (id === this.#shown) return;
    this.#shown = id;
    this.#address.value = this.#addressOf(id);
    this.#address.disabled = id === null;
  }

  #addressOf(id) {
    return id === null ? '' : (this.#typed.get(id) ?? recall(id));
  }

  #field() {
    const field = Object.assign(document.createElement('div'), { className: 'field zones-edge' });
    const label = Object.assign(
      document.createElement('label'), { htmlFor: 'zones-edge', textContent: 'Address of its edge' });
    this.#address = Object.assign(document.createElement('input'), {
      id: 'zones-edge', type: 'url', inputMode: 'url', spellcheck: false, placeholder: defaultEdge, disabled: true,
    });
    this.#address.addEventListener('change', () => {
      const address = this.#address.value.trim();
      this.#typed.set(this.#shown, address);
      remember(this.#shown, address);
      this.#zones.again();
    });
    field.append(label, this.#address);
    return field;
  }
}
