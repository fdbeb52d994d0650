"use strict";
// Draws each array of graphs: level, number of the name, samples of each node, parents before children.
const ROW = 17;
const KINDS = [
  ["kernel", /_\[k\]$/, 28], ["Dray", /^io\.dray\.(agent|sidecar|router|core)\./, 210],
  ["load generator", /^io\.dray\.bench\./, 275], ["HTTP/2, gRPC", /^io\.(grpc|netty\.handler\.codec\.http2)\./, 130],
  ["Netty", /^io\.netty\./, 85], ["JDK", /^(java|jdk|sun)\./, 55], ["thread", /^\[/, 0], ["JVM and libraries", /./, 350]];

function colour(name) {
  const kind = KINDS.find(([, pattern]) => pattern.test(name)) || KINDS[KINDS.length - 1];
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.charCodeAt(0)) % 997;
  return kind[0] === "thread" ? "#c9ced6" : `hsl(${kind[2]} 62% ${66 + sum % 12}%)`;
}

function tree(numbers) {
  const nodes = [];
  const open = [];
  for (let i = 0; i < numbers.length; i += 3) {
    const level = numbers[i];
    const parent = level === 0 ? null : nodes[open[level - 1]];
    const node = { level, name: names[numbers[i + 1]], samples: numbers[i + 2], parent, start: 0, used: 0 };
    if (parent) {
      node.start = parent.start + parent.used;
      parent.used += node.samples;
    }
    open[level] = nodes.length;
    nodes.push(node);
  }
  return nodes;
}

function draw(place, numbers) {
  const nodes = tree(numbers);
  const all = nodes[0];
  const depth = Math.max(...nodes.map(node => node.level)) + 1;
  const says = place.appendChild(document.createElement("div"));
  const canvas = place.appendChild(document.createElement("canvas"));
  says.className = "says";
  says.textContent = "click a frame to look closer, the lowest row to go back";
  canvas.style.height = depth * ROW + "px";
  let focus = all;
  let boxes = [];

  function paint() {
    const scale = window.devicePixelRatio || 1;
    const width = canvas.clientWidth;
    canvas.width = width * scale;
    canvas.height = depth * ROW * scale;
    const pen = canvas.getContext("2d");
    pen.scale(scale, scale);
    pen.font = "11px system-ui, sans-serif";
    pen.textBaseline = "middle";
    boxes = [];
    for (const node of nodes) {
      const from = Math.max(node.start, focus.start);
      const to = Math.min(node.start + node.samples, focus.start + focus.samples);
      const x = (from - focus.start) / focus.samples * width;
      const wide = (to - from) / focus.samples * width;
      if (wide < 0.4) continue;
      const y = (depth - 1 - node.level) * ROW;
      pen.globalAlpha = node.level < focus.level ? 0.45 : 1;
      pen.fillStyle = colour(node.name);
      pen.fillRect(x, y, Math.max(wide - 0.5, 0.4), ROW - 1);
      if (wide > 28) {
        pen.fillStyle = "#14171b";
        pen.save();
        pen.beginPath();
        pen.rect(x, y, wide - 3, ROW);
        pen.clip();
        pen.fillText(short(node.name), x + 3, y + ROW / 2);
        pen.restore();
      }
      boxes.push([x, y, wide, node]);
    }
  }

  function under(event) {
    const box = canvas.getBoundingClientRect();
    const x = event.clientX - box.left;
    const y = event.clientY - box.top;
    const hit = boxes.find(([left, top, wide]) => x >= left && x < left + wide && y >= top && y < top + ROW);
    return hit && hit[3];
  }

  canvas.addEventListener("mousemove", event => {
    const node = under(event);
    if (node) says.textContent = `${node.name}: ${(100 * node.samples / all.samples).toFixed(2)} %, ${node.samples} samples`;
  });
  canvas.addEventListener("click", event => {
    const node = under(event);
    if (node) {
      focus = node;
      paint();
    }
  });
  window.addEventListener("resize", paint);
  paint();
}

function short(name) {
  const words = name.split(".");
  return words.length > 2 && /^(io|java|jdk|com|ch)$/.test(words[0]) ? words.slice(-2).join(".") : name;
}

function key(place) {
  const row = document.createElement("p");
  row.className = "key";
  for (const [title, , hue] of KINDS) {
    const word = row.appendChild(document.createElement("span"));
    word.textContent = title;
    word.style.background = title === "thread" ? "#c9ced6" : `hsl(${hue} 62% 70%)`;
  }
  place.before(row);
}

for (const [role, numbers] of Object.entries(graphs)) {
  const place = document.getElementById(role);
  key(place);
  draw(place, numbers);
}
