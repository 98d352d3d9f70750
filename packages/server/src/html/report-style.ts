/** What pages of reports have beside the style of all pages. */
export const reportStyle = `
.scroll { overflow-x: auto; margin: .4rem 0; } .scroll table { min-width: 34rem; } td.number, th.number { white-space: nowrap; padding-left: .6rem; padding-right: .2rem; }
.scroll th, .scroll td { overflow-wrap: break-word; } .scroll tbody th { min-width: 9rem; } th.says { padding-left: .8rem; } .scroll td.says, .scroll td.pieces { min-width: 14rem; padding-left: .8rem; }
thead th.number { white-space: normal; } .scroll td.losses { min-width: 7rem; padding-left: .8rem; }
thead th { vertical-align: bottom; overflow-wrap: normal; } tbody th { color: var(--ink); font-weight: 500; }
svg.bar { height: 4px; width: 100%; margin-top: 2px; } svg.bar rect { fill: var(--write); } .base svg.bar rect { fill: var(--wait); } .base, .base th { color: var(--soft); }
svg.strip-plot { height: 1.1rem; width: 100%; min-width: 10rem; } .strip-plot line { vector-effect: non-scaling-stroke; stroke-width: 1; stroke: var(--line); }
.strip-plot .span { stroke: var(--note); stroke-width: 3; } .strip-plot .at { stroke: var(--ink); stroke-width: 2; } .strip-plot .zero { stroke: var(--soft); stroke-dasharray: 3 2; }
.verdict-block { border-left: 4px solid var(--warning); background: var(--panel); padding: .6rem .8rem; border-radius: 0 6px 6px 0; }
.verdict-block.good { border-color: var(--write); } .verdict-block.problem { border-color: var(--problem); } .verdict-block ul { margin: .4rem 0 0; padding-left: 1.2rem; }
.pieces { font: 13px/1.9 ui-monospace, monospace; } .piece { border: 1px solid var(--line); border-radius: 3px; padding: 0 .15em; margin-right: 1px; white-space: pre-wrap; }
.piece:nth-child(even) { background: color-mix(in srgb, var(--note) 16%, transparent); } .piece:nth-child(odd) { background: color-mix(in srgb, var(--write) 14%, transparent); }
.low { font-weight: 700; } .mark { font-weight: 700; } .mark.problem { color: var(--problem); } .mark.warning { color: var(--warning); }
code.command { overflow-wrap: anywhere; }
`;
