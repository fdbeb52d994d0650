'use strict';
// The search over the index: the words of a question add up by their weight in each file, as the indexer does it.
(() => {
  const MOST_RESULTS = 50;
  const data = JSON.parse(document.getElementById('index').textContent);
  const box = document.getElementById('words');
  const results = document.getElementById('results');
  const count = document.getElementById('count');

  // By term: pairs of file and weight.
  const postings = new Map();
  data.files.forEach((file, at) => file.terms.forEach(([term, weight]) => {
    const name = data.terms[term];
    if (!postings.has(name)) postings.set(name, []);
    postings.get(name).push([at, weight]);
  }));

  // As the agents cut words: runs of letters, camelCase is two.
  const wordsOf = text => text.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2').toLowerCase().match(/\p{L}+/gu) || [];

  // A whole term counts fully, a longer one that begins like it by the share that was typed.
  const find = question => {
    const scores = new Map();
    const hits = new Set();
    const add = (at, score) => scores.set(at, (scores.get(at) || 0) + score);
    for (const word of new Set(wordsOf(question))) {
      for (const [term, files] of postings) {
        if (term !== word && (word.length < 3 || !term.startsWith(word))) continue;
        hits.add(term);
        files.forEach(([at, weight]) => add(at, weight * word.length / term.length));
      }
    }
    const part = question.trim().toLowerCase();
    data.files.forEach((file, at) => {
      if (file.name.toLowerCase().includes(part)) add(at, 1);
    });
    const found = [...scores].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
    return { found, hits };
  };

  const element = (name, className, text) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  };

  const card = (file, score, hits) => {
    const made = element('div', 'result');
    made.append(element('code', 'name', file.shown));
    const about = [file.language, `${file.bytes.toLocaleString('en')} bytes`, file.lines === 1 ? '1 line' : `${file.lines.toLocaleString('en')} lines`,
      `by ${file.node}`];
    if (score !== null) about.unshift(`score ${score.toFixed(1)}`);
    made.append(element('div', 'about', about.join(' · ')));
    file.sentences.forEach(sentence => made.append(element('blockquote', '', sentence)));
    const terms = file.terms.map(([term]) => data.terms[term]);
    const first = terms.filter(term => hits.has(term)).concat(terms.filter(term => !hits.has(term))).slice(0, 8);
    first.forEach(term => made.append(button(term, hits.has(term) ? 'hit' : '')));
    return made;
  };

  const button = (term, className) => {
    const made = element('button', className, term);
    made.type = 'button';
    made.dataset.term = term;
    return made;
  };

  const show = () => {
    const question = box.value;
    const isAsked = question.trim() !== '';
    const { found, hits } = isAsked ? find(question)
      : { found: data.files.map((_, at) => [at, null]), hits: new Set() };
    const shown = found.slice(0, MOST_RESULTS);
    results.replaceChildren(...shown.map(([at, score]) => card(data.files[at], score, hits)));
    const files = found.length === 1 ? '1 file' : `${found.length.toLocaleString('en')} files`;
    count.textContent = (isAsked && found.length === 0 ? 'nothing found' : files)
      + (found.length > shown.length ? `, the ${isAsked ? 'best' : 'first'} ${shown.length} are shown` : '');
  };

  let waiting = 0;
  box.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 60);
  });
  document.addEventListener('click', event => {
    const term = event.target.dataset && event.target.dataset.term;
    if (!term) return;
    box.value = term;
    show();
    document.getElementById('search').scrollIntoView();
  });
  show();
})();
