"""How a report looks: one sheet of style for screens in light and dark, and for paper, which is always light."""

_LIGHT = """--ground:#ffffff;--card:#f6f7f9;--ink:#1c2128;--soft:#59636e;--rule:#d6dbe1;--track:#e7eaee;
--created:#1f8a5f;--rejected:#c5412a;--unknown:#c07c12;--pending:#8b95a1;--invalid:#7e5bb0;--skipped:#3f7fbf;
--plain:#4a6fa5"""
_DARK = """--ground:#14171c;--card:#1d2229;--ink:#e7eaee;--soft:#a3adb8;--rule:#353c45;--track:#2a3038;
--created:#4cc38a;--rejected:#f0785f;--unknown:#e6ad4e;--pending:#8b95a1;--invalid:#b294e0;--skipped:#6aaaf0;
--plain:#7ea6e0"""
_KINDS = ("created", "rejected", "unknown", "pending", "invalid", "skipped", "plain")
_COLOURED = "\n".join(
    f".k-{kind}{{fill:var(--{kind})}} .s-{kind}{{stroke:var(--{kind})}} .b-{kind}{{background:var(--{kind})}}"
    for kind in _KINDS
)

STYLE = f"""
:root{{color-scheme:light dark;{_LIGHT}}}
@media (prefers-color-scheme:dark){{:root{{{_DARK}}}}}
*{{box-sizing:border-box}}
body{{margin:0;background:var(--ground);color:var(--ink);
font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"DejaVu Sans",sans-serif}}
main{{max-width:860px;margin:0 auto;padding:32px 24px 56px}}
h1{{font-size:26px;line-height:1.25;margin:0 0 4px;overflow-wrap:anywhere}}
h2{{font-size:17px;margin:0 0 4px}}
p.soft,dd,figcaption{{color:var(--soft)}}
p.soft{{margin:0 0 14px}}
dl{{display:flex;flex-wrap:wrap;gap:4px 28px;margin:8px 0 24px;font-size:14px}}
dl div{{display:flex;gap:8px;min-width:0}}
dt{{font-weight:600}} dd{{margin:0;overflow-wrap:anywhere}}
ul.tiles{{list-style:none;display:grid;grid-template-columns:repeat(auto-fit,minmax(118px,1fr));gap:10px;padding:0;
margin:0 0 24px}}
ul.tiles li{{background:var(--card);border:1px solid var(--rule);border-radius:8px;padding:10px 12px}}
ul.tiles b{{display:block;font-size:24px;line-height:1.2;font-variant-numeric:tabular-nums}}
.dot{{display:inline-block;width:9px;height:9px;border-radius:50%;margin-right:6px}}
section{{background:var(--card);border:1px solid var(--rule);border-radius:8px;padding:18px 20px;margin:0 0 18px;
break-inside:avoid}}
section.long{{break-inside:auto}}
svg{{display:block;width:100%;height:auto;font-size:13px}}
svg text{{fill:var(--ink)}} svg .tick,svg .note{{fill:var(--soft);font-size:12px}}
.grid{{stroke:var(--rule);stroke-width:1}} .track{{fill:var(--track)}}
.line{{fill:none;stroke-width:2.5;stroke-linejoin:round}}
.value{{font-variant-numeric:tabular-nums}}
p.legend{{margin:0 0 6px;font-size:13px;color:var(--soft);display:flex;flex-wrap:wrap;gap:4px 18px}}
table{{border-collapse:collapse;width:100%;font-size:13px}}
th,td{{text-align:left;vertical-align:top;padding:5px 10px 5px 0;border-top:1px solid var(--rule);
overflow-wrap:anywhere}}
th{{border-top:0}} td.n{{white-space:nowrap;font-variant-numeric:tabular-nums}}
thead{{display:table-header-group}} tr{{break-inside:avoid}}
{_COLOURED}
@page{{margin:14mm}}
@media print{{:root{{color-scheme:light;{_LIGHT}}} body{{font-size:11pt}} main{{max-width:none;padding:0}}
ul.tiles{{grid-template-columns:repeat(auto-fit,minmax(88px,1fr))}}
section,ul.tiles li{{background:none}} *{{print-color-adjust:exact;-webkit-print-color-adjust:exact}}}}
"""
