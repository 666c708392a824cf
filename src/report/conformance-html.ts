/** The report of a conformance run as one HTML page that loads nothing from anywhere. */
import { reasonOf, type Judgement, type Rank, type ScenarioResult } from '../rules/conformance/judge.js';
import { duration } from '../session/words.js';
import { causeOf, countsOf, grouped, WORDS, type Group } from './conformance-view.js';

export interface ConformancePage {
  readonly results: readonly ScenarioResult[];
  /** As `rtms 1.2.3`. */
  readonly tool: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly product: string;
  readonly speed: number;
}

/** A whole document. */
export function conformanceHtml({ results, tool, startedAt, product, speed }: ConformancePage): string {
  const summary = `${startedAt}, ${product}${speed === 1 ? '' : `, the server's clock ${speed} times as fast`}, ${tool}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>RTMS client conformance: ${text(countsOf(results))}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>RTMS client conformance</h1>
<p class="counts">${text(countsOf(results))}</p>
<p>${text(summary)}</p>
${RANKED.map((rank) => section(rank, grouped(results.filter((result) => result.rank === rank)))).join('')}</body>
</html>
`;
}

/** What needs work first. */
const RANKED: readonly Rank[] = ['failed', 'non-strict', 'not-applicable', 'ok'];

function section(rank: Rank, groups: readonly Group[]): string {
  if (groups.length === 0) return '';
  return `<h2 class="${rank}">${WORDS[rank]}</h2>\n${groups.map(details).join('')}`;
}

function details({ name, results: [first, ...others] }: Group): string {
  if (!first) return '';
  const { rank, description, expectation, basis, source, judgements, ms } = first;
  const reason = reasonOf(first);
  const played = others.length === 0 ? duration(ms) : `${duration(ms)} for the first of ${others.length + 1}`;
  return `<details${rank === 'failed' ? ' open' : ''}>
<summary class="${rank}"><b>${text(name)}</b>${reason === '' ? '' : ` ${text(reason)}`}</summary>
<dl>
<dt>server</dt><dd>${text(description)}</dd>
<dt>client</dt><dd>${text(expectation)}</dd>
<dt>${text(basis)}</dt><dd><a href="${text(source)}">${text(source)}</a></dd>
<dt>played</dt><dd>${text(played)}</dd>
${causeOf(first)
  .map((cause) => `<dt>found</dt><dd>${text(cause)}</dd>\n`)
  .join('')}</dl>
<table>
${judgements.map(row).join('')}</table>
</details>
`;
}

const row = ({ level, text: expected, outcome, note }: Judgement): string =>
  `<tr class="${outcome}"><td>${level}</td><td>${text(expected)}</td><td>${text(outcome)}</td><td>${text(note)}</td></tr>\n`;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const text = (raw: string): string => raw.replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? character);

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h2, summary { --c: gray }
.ok { --c: #1a7f37 } .failed { --c: #cf222e } .non-strict { --c: #9a6700 }
h2 { color: var(--c) }
.counts { font-size: 1.25rem }
summary { cursor: pointer; border-left: .3rem solid var(--c); padding: .2rem .6rem; margin: .3rem 0 }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; margin: .5rem 1rem }
dt { opacity: .7 } dd { margin: 0 }
table { margin: .5rem 1rem 1rem; border-collapse: collapse }
td { padding: .2rem .8rem .2rem 0; vertical-align: top }
tr.broken { color: #cf222e } tr.not-applicable { opacity: .6 }
`;
