'use strict';

(function (EdgeCloud) {
  const prefix = 'edgecloud.camera.';
  const defaultEdge = 'http://localhost:9001';
  const fromFile = location.protocol === 'file:';

  // Private windows and some file:// pages forbid storage by throwing.
  function recall(name) {
    try {
      return localStorage.getItem(prefix + name);
    } catch {
      return null;
    }
  }

  function remember(name, value) {
    try {
      localStorage.setItem(prefix + name, value);
    } catch {
      // The setting lasts as long as the page then.
    }
  }

  /** Fills the field with what was chosen last time and remembers every change. */
  function keep(field, fallback = '') {
    const property = field.type === 'checkbox' ? 'checked' : 'value';
    const stored = recall(field.id);
    if (property === 'checked') {
      if (stored !== null) field.checked = stored === 'true';
    } else if (field.options) {
      if ([...field.options].some(option => option.value === stored)) field.value = stored;
    } else {
      field.value = stored || fallback;
    }
    field.addEventListener('change', () => remember(field.id, String(field[property])));
  }

  /**
   * The edge's base URL: where this page came from, or for a page from file:// what its field says. Null
   * when that is no address.
   */
  function edgeBase(typed) {
    if (!fromFile) return new URL('.', location.href);
    const address = typed.trim() || defaultEdge;
    try {
      const url = new URL(/^[a-z][a-z\d+.-]*:\/\//i.test(address) ? address : `http://${address}`);
      if (!url.pathname.endsWith('/')) url.pathname += '/';
      return /^https?:$/.test(url.protocol) ? url : null;
    } catch {
      return null;
    }
  }

  EdgeCloud.settings = { keep, recall, remember, edgeBase, fromFile, defaultEdge, defaultDevice: 'edge-1' };
})(window.EdgeCloud ??= {});
