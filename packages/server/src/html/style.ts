/** The whole look of an exported page: no font, image or script is loaded. */
export const style = `
:root { color-scheme: light dark; --ink: #1b1d21; --soft: #5c636e; --page: #fff; --panel: #f5f6f8; --line: #d9dde3; --unlikely: #d9480f; --lit: #ffd43b;
  --problem: #b42318; --warning: #8a5a00; --note: #1f5fa8; --wait: #9aa4b2; --think: #8463c4; --write: #1f7a8c; }
@media (prefers-color-scheme: dark) { :root { --ink: #e7e9ec; --soft: #a2a9b4; --page: #15171a; --panel: #1e2126; --line: #343942; --unlikely: #ff7a3d; --lit: #8a6d00;
  --problem: #ff8a7a; --warning: #f0bd5b; --note: #7db4f0; --wait: #566070; --think: #a78be0; --write: #4fb3c6; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 68rem; padding: 1.5rem 1rem 4rem; font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page); }
h1 { font-size: 1.4rem; margin: 0; overflow-wrap: anywhere; } h2 { font-size: 1.05rem; margin: 2rem 0 .6rem; } h3 { font-size: .95rem; margin: 1rem 0 .4rem; }
p { margin: .3rem 0; } a { color: var(--note); } .soft { color: var(--soft); } .number { text-align: right; font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .25rem .6rem .25rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 500; color: var(--soft); } td { overflow-wrap: anywhere; } .where { white-space: nowrap; }
pre, .strip { font: 13px/1.7 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: .7rem; margin: .4rem 0; }
details > summary { cursor: pointer; padding: .2rem 0; }
.finding { border-left: 4px solid var(--note); background: var(--panel); padding: .6rem .8rem; margin: .5rem 0; border-radius: 0 6px 6px 0; }
.finding.problem { border-color: var(--problem); } .finding.warning { border-color: var(--warning); }
.badge { font-size: .8rem; font-weight: 600; text-transform: uppercase; letter-spacing: .03em; } .problem .badge { color: var(--problem); } .warning .badge { color: var(--warning); } .note .badge { color: var(--note); }
.t:nth-of-type(even) { text-decoration: underline dotted color-mix(in srgb, var(--soft) 45%, transparent); text-underline-offset: .3em; }
.p1 { background: color-mix(in srgb, var(--unlikely) 10%, transparent); } .p2 { background: color-mix(in srgb, var(--unlikely) 20%, transparent); }
.p3 { background: color-mix(in srgb, var(--unlikely) 31%, transparent); } .p4 { background: color-mix(in srgb, var(--unlikely) 42%, transparent); }
.p5 { background: color-mix(in srgb, var(--unlikely) 54%, transparent); } .p6 { background: color-mix(in srgb, var(--unlikely) 66%, transparent); }
.lit { box-shadow: inset 0 -.35em 0 var(--lit); } :target { outline: 2px solid var(--note); outline-offset: 2px; }
.hidden { font-size: .75em; border: 1px solid var(--soft); border-radius: 3px; padding: 0 .2em; color: var(--soft); }
.break { color: var(--soft); } .legend { display: flex; flex-wrap: wrap; gap: .3rem 1rem; font-size: .85rem; color: var(--soft); margin: .3rem 0; } .legend span { padding: 0 .3rem; border-radius: 3px; color: var(--ink); }
svg { width: 100%; height: auto; display: block; } .wait { fill: var(--wait); } .think { fill: var(--think); } .write { fill: var(--write); } .tail { fill: var(--wait); opacity: .5; } .tick { stroke: var(--ink); opacity: .55; }
svg text { fill: var(--soft); font: 11px system-ui, sans-serif; } .rule { stroke: var(--line); }
.verification { border-top: 1px solid var(--line); margin-top: .5rem; padding-top: .4rem; } .verdict { border: 1px solid currentColor; border-radius: 3px; padding: 0 .4em; } .verdict.confirmed { color: var(--write); }
.arms { display: grid; grid-template-columns: repeat(auto-fit, minmax(18rem, 1fr)); gap: 0 1rem; } .arms > div { min-width: 0; }
.special { outline: 1px solid var(--soft); outline-offset: -1px; font-weight: 600; } .gap { background: var(--lit); color: var(--ink); padding: 0 .5em; }
.s-system { background: color-mix(in srgb, #2f6bb0 22%, transparent); } .s-user { background: color-mix(in srgb, #c08a12 22%, transparent); } .s-context { background: color-mix(in srgb, #2f8169 22%, transparent); }
.s-tools { background: color-mix(in srgb, #84509f 22%, transparent); } .s-history { background: color-mix(in srgb, #8d9399 22%, transparent); }
.stages th[rowspan] { color: var(--ink); max-width: 14rem; }
@media print { body { max-width: none; } details { break-inside: avoid; } }
`;
