'use strict';

// On the live page too, whose build copies this file: a classic script, since the camera page must work from file://.
(function (EdgeCloud) {
  const everyMs = 15_000;
  const answerTimeoutMs = 10_000;
  const hourMs = 3_600_000;

  const digits = value =>
    value.toLocaleString('en', { minimumSignificantDigits: 2, maximumSignificantDigits: value >= 100 ? 3 : 2 });
  const number = value => value.toLocaleString('en', { maximumSignificantDigits: 3 });

  /** A mass in the unit that reads best: 0.08 mg rather than 80 µg. */
  function mass(grams) {
    if (grams >= 0.1) return `${digits(grams)} g`;
    return grams >= 1e-5 ? `${digits(grams * 1e3)} mg` : `${digits(grams * 1e6)} µg`;
  }

  function percent(part) {
    if (part <= 0) return '0 %';
    return part < 0.001 ? 'under 0.1 %' : `${part < 0.01 ? (part * 100).toFixed(1) : Math.round(part * 100)} %`;
  }

  function age(seconds) {
    if (seconds < 90) return `${Math.round(seconds)} s old`;
    if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min old`;
    return seconds < 48 * 3600 ? `${Math.round(seconds / 3600)} h old` : `${Math.round(seconds / 86_400)} days old`;
  }

  /** How far the figure is about now. The time of an average is the end of its year. */
  function timeliness({ source, age_seconds: ageSeconds, problem }) {
    if (source === 'average') return 'average of '
      + `${new Date(Date.now() - ageSeconds * 1000).getUTCFullYear()}${problem ? ', no newer figure' : ''}`;
    return Number.isFinite(ageSeconds) ? age(ageSeconds) : 'a fixed figure';
  }

  const methods = {
    rapl: 'Electricity measured by the processor (RAPL), memory modelled',
    cgroup_v2: 'Modelled from the CPU time of the container',
    cgroup_v1: 'Modelled from the CPU time of the container',
    process: 'Modelled from the CPU time of the process',
  };

  const levers = {
    reserved: 'Most is reserved or embodied, with or without frames. What lowers it, most first: '
      + 'more cameras per vCPU, smaller requests, then the model.',
    work: 'Most is work. What lowers it, most first: a lighter model, a slower pace, then a cleaner hour.',
  };

  /**
   * What a report of GET /carbon amounts to, in words.
   * @returns parts: where the grams come from, [name, share of all]; facts: [term, text].
   */
  function describe({
    method, since, processor, reserved, power_watts: power, energy_joules: energy, intensity, carbon_grams: carbon,
    frames,
  }) {
    const joules = bound => energy.active[bound] + energy.reserved[bound];
    if (!(joules('mean') > 0 && carbon.embodied >= 0)) throw new Error('Nothing has been counted yet.');
    const grams = bound => carbon.operational * (joules(bound) / joules('mean')) + carbon.embodied;
    const ofJoules = part => (part / joules('mean')) * (carbon.operational / grams('mean'));
    const ofFrames = Math.min(frames ? frames.count * frames.joules_each : 0, energy.active.mean);
    const parts = [
      [frames ? 'other work' : 'work', ofJoules(energy.active.mean - ofFrames)],
      ['reserved', ofJoules(energy.reserved.mean)],
      ['embodied', carbon.embodied / grams('mean')],
    ];
    if (frames) parts.unshift(['frames', ofJoules(ofFrames)]);
    const idle = parts.slice(-2).reduce((sum, [, part]) => sum + part, 0);

    const [divisor, unit] =
      frames ? [frames.count, 'frame'] : [Math.max(Date.now() - Date.parse(since), 1000) / hourMs, 'hour'];
    const each = bound => mass(grams(bound) / divisor);
    const facts = [
      [`Low to high per ${unit}`, `${each('low')} to ${each('high')}`],
      ['Power now', `${digits(power.mean)} W (${digits(power.low)} to ${digits(power.high)})`],
      ['Reserved', `${number(reserved.cpus)} vCPU, ${number(reserved.memory_bytes / 1e9)} GB`],
      ['Processor', processor.family],
    ];
    if (frames) facts.unshift(['One more frame', mass(frames.marginal_grams_each)]);
    if (intensity.problem) facts.push(['No newer intensity', intensity.problem]);
    const place = intensity.location === 'world' ? 'World' : intensity.location;
    return {
      figure: `${each('mean')} per ${unit}`,
      grid: `${place} ${number(intensity.grams_per_kwh)} g/kWh, ${timeliness(intensity)}`,
      parts, lever: idle >= 0.5 ? levers.reserved : levers.work, method: methods[method] ?? method, facts,
    };
  }

  function element(name, className, text = '') {
    return Object.assign(document.createElement(name), { className, textContent: text });
  }

  /** Written into the same elements each time, so that what is open stays open and what has the focus keeps it. */
  function createStrip(section) {
    const [figure, grid, bar, parts, lever, method] = [
      element('strong', ''), element('span', ''), element('div', 'shares'), element('ul', 'share-names'),
      element('p', 'lever'), element('p', ''),
    ];
    const headline = element('p', 'headline');
    headline.append(figure, ', estimated · ', grid);
    bar.setAttribute('aria-hidden', 'true');
    const facts = element('dl', 'facts');
    const details = element('details', '');
    details.append(element('summary', '', 'How that is known'), method, facts);
    section.replaceChildren(headline, bar, parts, lever, details);

    return function show(text) {
      figure.textContent = text.figure;
      grid.textContent = text.grid;
      lever.textContent = text.lever;
      method.textContent = `${text.method}, for this service since it started; CO2 equivalents.`;
      bar.replaceChildren(...text.parts.map(([name, share]) => {
        const piece = element('i', '');
        piece.dataset.part = name;
        piece.style.flexGrow = share;
        return piece;
      }));
      parts.replaceChildren(...text.parts.map(([name, share]) => {
        const item = element('li', '', `${name} ${percent(share)}`);
        item.dataset.part = name;
        return item;
      }));
      facts.replaceChildren(...text.facts.map(([term, value]) => {
        const row = element('div', '');
        row.append(element('dt', '', term), element('dd', '', value));
        return row;
      }));
    };
  }

  async function ask(base, signal) {
    const response = await fetch(new URL('carbon', base), { cache: 'no-store', signal });
    if (!response.ok) throw new Error(`carbon: HTTP ${response.status}`);
    return describe(await response.json());
  }

  /**
   * Keeps the section as the service says while the page is seen, and hides it whenever the service does not.
   * @param base gives the service's base URL, null for none.
   * @returns { again } to ask at once, as when the base has changed.
   */
  function follow(section, base) {
    const show = createStrip(section);
    let timer;
    let asking;

    async function again() {
      clearTimeout(timer);
      asking?.abort();
      asking = null;
      if (document.hidden) return;
      const current = (asking = new AbortController());
      const deadline = setTimeout(() => current.abort(), answerTimeoutMs);
      let text = null;
      try {
        text = base() && (await ask(base(), current.signal));
      } catch {
        // Gone, silent, or no service of ours: what it said before is not true now.
      }
      clearTimeout(deadline);
      if (asking !== current) return;
      if (text) show(text);
      section.hidden = !text;
      timer = setTimeout(again, everyMs);
    }

    document.addEventListener('visibilitychange', again);
    again();
    return { again };
  }

  EdgeCloud.carbon = { follow };
})(window.EdgeCloud ??= {});
