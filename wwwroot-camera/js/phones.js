'use strict';

(function (EdgeCloud) {
  const { fromFile } = EdgeCloud.settings;
  const byId = id => document.getElementById(id);

  async function answer(path, init = {}) {
    try {
      const response = await fetch(path, { cache: 'no-store', ...init });
      return response.ok ? await response.json() : null;
    } catch {
      return null;
    }
  }

  /** The paired phone that this is: { device_id, name }. Null for a page that is not on the listener for phones. */
  const thisPhone = () => (location.protocol === 'https:' ? answer('this-phone') : null);

  /** Tells the edge what this phone is to be called. Resolves to whether it has kept that. */
  const rename = async name => (await answer('this-phone', {
    method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ name }),
  })) !== null;

  const described = ({ device_id: deviceId, name }) => (name ? `${name} (${deviceId})` : deviceId);

  function show(section, status) {
    const [code, paired] = [byId('phone-code'), byId('paired-phones')];
    const isShown = status?.listening === true;
    section.hidden = !isShown;
    if (!isShown) return;
    byId('phone-address').textContent = status.addresses[0];
    // The code changes with the token, so an address of its own for each keeps the picture from being an old one.
    if (code.dataset.says !== status.pairing_address) {
      code.dataset.says = status.pairing_address;
      code.src = `phone/code.svg?at=${Date.now()}`;
    }
    paired.hidden = status.phones.length === 0;
    paired.textContent = `Paired: ${status.phones.map(described).join(', ')}`;
  }

  /** Shows the code for phones while the edge listens for them; asked for again whenever the page comes into view. */
  function follow(section) {
    if (fromFile || location.protocol !== 'http:') return;
    const ask = async () => {
      if (document.hidden) return;
      show(section, await answer('phone'));
      if (location.hash === '#phones' && !section.hidden) section.scrollIntoView({ block: 'nearest' });
    };
    document.addEventListener('visibilitychange', ask);
    window.addEventListener('hashchange', ask);
    ask();
  }

  EdgeCloud.phones = { thisPhone, rename, follow };
})(window.EdgeCloud ??= {});
