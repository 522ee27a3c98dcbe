/* SPDX-License-Identifier: Apache-2.0 */
#include "ctl/audit/page.h"

#include <inttypes.h>

#include "validate/base/digest.h"
#include "validate/base/when.h"

#define BAR_HEIGHT 180u /* of the timeline's own units */
#define STYLE_MOST 8192
#define BAR_LEAST 2u /* so that one denial among thousands is seen */

const struct page_kind page_kinds[PAGE_KINDS] = {
	{ KIND_ERROR, "error", "not judged" },
	{ KIND_BYPASS, "bypass", "let through" },
	{ KIND_DENY, "deny", "denied" },
	{ KIND_WOULD_DENY, "would", "would be denied" },
	{ KIND_ALLOW, "allow", "allowed" },
};

static const char *const style[] = {
	":root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--ink:#1b1f24;--soft:#59636e;--line:#dde1e6;"
	"--allow:#3a9a78;--deny:#cf3a3a;--would:#c98a1b;--bypass:#7d4fd0;--error:#47617f;--good:#1a7f4e;--bad:#b42318}"
	"@media (prefers-color-scheme:dark){:root{--page:#0f1317;--card:#171c22;--ink:#e7ebef;--soft:#9aa5b1;"
	"--line:#2a323b;--allow:#4fb893;--deny:#f06a6a;--would:#e2ab47;--bypass:#a583ee;--error:#8fabcb;--good:#54c98f;"
	"--bad:#ff8278}}"
	"*{box-sizing:border-box}body{margin:0;background:var(--page);color:var(--ink);"
	"font:15px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu "
	"Sans',sans-serif;-webkit-text-size-adjust:100%}"
	"main,header,footer{max-width:1120px;margin:0 auto;padding:0 20px}header{padding-top:28px}"
	"h1{font-size:1.65rem;line-height:1.25;margin:0;font-weight:650;overflow-wrap:anywhere}"
	"h2{font-size:1.08rem;margin:0 0 12px;font-weight:650}h2 "
	"small{font-weight:400;color:var(--soft);margin-left:8px;font-size:.86em}"
	"p{margin:.35rem 0}.soft,footer{color:var(--soft)}footer{padding-bottom:40px;font-size:.86rem}"
	"code,.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans "
	"Mono',monospace;font-size:.86em}"
	"code{overflow-wrap:anywhere}.id{color:var(--soft);white-space:nowrap;font-size:.78em}table+table{margin-top:"
	"14px}"
	".state{display:inline-block;margin-top:10px;padding:3px 12px;border-radius:14px;border:1px "
	"solid;font-weight:600}"
	".good{color:var(--good)}.bad{color:var(--bad)}"
	".cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(126px,1fr));gap:12px;margin:20px 0}"
	".card,section{background:var(--card);border:1px solid var(--line);border-radius:10px}"
	".card{padding:12px 14px;border-top-width:4px}.card b{display:block;font-size:1.5rem;line-height:1.2;"
	"font-variant-numeric:tabular-nums}.card span{color:var(--soft);font-size:.86rem}"
	".card.allow{border-top-color:var(--allow)}.card.deny{border-top-color:var(--deny)}"
	".card.would{border-top-color:var(--would)}.card.bypass{border-top-color:var(--bypass)}"
	".card.error{border-top-color:var(--error)}"
	"section{padding:16px 18px;margin:0 0 16px;min-width:0}.grid{display:grid;gap:0 16px;"
	"grid-template-columns:repeat(2,minmax(0,1fr));align-items:start}"
	"svg{display:block;width:100%}svg .allow{fill:var(--allow)}svg .deny{fill:var(--deny)}svg "
	".would{fill:var(--would)}"
	"svg .bypass{fill:var(--bypass)}svg .error{fill:var(--error)}.time svg{height:190px;border-bottom:1px solid "
	"var(--line)}"
	".axis{display:flex;justify-content:space-between;gap:8px;color:var(--soft);font-size:.8rem;margin-top:4px;"
	"font-variant-numeric:tabular-nums}.axis span:nth-child(2){text-align:center}.axis "
	"span:last-child{text-align:right}",
	".legend{display:flex;flex-wrap:wrap;gap:4px 16px;font-size:.84rem;color:var(--soft);margin:0 0 10px;padding:0;"
	"list-style:none}.legend i{display:inline-block;width:10px;height:10px;border-radius:2px;margin-right:6px}"
	"i.allow{background:var(--allow)}i.deny{background:var(--deny)}i.would{background:var(--would)}"
	"i.bypass{background:var(--bypass)}i.error{background:var(--error)}"
	"table{width:100%;border-collapse:collapse}th{font-weight:500;color:var(--soft);font-size:.82rem;text-align:"
	"right;"
	"padding:0 0 6px 12px;white-space:nowrap}th:first-child,td:first-child{text-align:left;padding-left:0}"
	"td{text-align:right;padding:7px 0 7px 12px;border-top:1px solid var(--line);vertical-align:top;"
	"font-variant-numeric:tabular-nums;white-space:nowrap}td:first-child{overflow-wrap:anywhere;white-space:normal;"
	"width:100%}td svg{height:5px;margin-top:5px;background:var(--line);border-radius:3px;max-width:420px}"
	"article{border-top:1px solid var(--line);padding:12px 0}article:first-of-type{border-top:0;padding-top:0}"
	"article:last-of-type{padding-bottom:0}article "
	"h3{font-size:.98rem;margin:0;font-weight:600;overflow-wrap:anywhere}"
	"article h3 b{display:inline-block;min-width:2.2em;text-align:center;border-radius:6px;padding:0 "
	"7px;margin-right:8px;"
	"color:var(--card);background:var(--deny);font-variant-numeric:tabular-nums}article.soon h3 "
	"b{background:var(--would)}"
	"dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 14px;margin:8px 0 0}dt{color:var(--soft);"
	"font-size:.84rem;padding-top:.1em}dd{margin:0;overflow-wrap:anywhere}.fix dd,dd.fix{color:var(--good)}"
	"ol{margin:0;padding:0;list-style:none}ol li{border-top:1px solid var(--line);padding:7px "
	"0;overflow-wrap:anywhere}"
	"ol li:first-child{border-top:0;padding-top:0}time{color:var(--soft);font-variant-numeric:tabular-nums;"
	"margin-right:8px;white-space:nowrap}"
	"@media (max-width:760px){.grid{grid-template-columns:minmax(0,1fr)}main,header,footer{padding-left:12px;"
	"padding-right:12px}section{padding:14px "
	"13px}h1{font-size:1.35rem}.cards{grid-template-columns:repeat(2,1fr);gap:8px}"
	".time svg{height:150px}dl{gap:2px "
	"10px}th{white-space:normal;vertical-align:bottom}th:first-child{min-width:9em}}"
	"@media "
	"print{:root{color-scheme:light;--page:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--allow:#3a9a78;"
	"--deny:#b02020;--would:#b87400;--bypass:#6a3fc0;--error:#3b546f;--good:#0b5d36;--bad:#a01010}"
	"body{font-size:10.5pt;-webkit-print-color-adjust:exact;print-color-adjust:exact}header{padding-top:0}"
	"main,header,footer{max-width:none;padding-left:1px;padding-right:1px}section{padding:10px "
	"12px;margin-bottom:10px}"
	"article,tr,li,.card,.time,.grid section{break-inside:avoid}h2{break-after:avoid}"
	".cards{grid-template-columns:repeat(6,1fr);gap:6px}.grid{grid-template-columns:repeat(2,minmax(0,1fr))}}",
};

/* All of it, as it stands in the page: what its hash is of. */
static const char *whole_style(char *to, size_t size)
{
	struct text t = text_over(to, size);
	for (size_t i = 0; i < sizeof(style) / sizeof(style[0]); i++)
		text_add(&t, style[i]);
	return to;
}

static void page_bytes(struct text *to, struct bytes b)
{
	static const struct {
		char c;
		const char *as;
	} marks[] = { { '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" }, { '"', "&quot;" }, { '\'', "&#39;" },
		{ '`', "&#96;" } };

	for (size_t i = 0; i < b.len; i++) {
		const char *as = NULL;
		for (size_t k = 0; k < sizeof(marks) / sizeof(marks[0]); k++)
			as = b.data[i] == marks[k].c ? marks[k].as : as;
		if (as)
			text_add(to, as);
		else
			text_char(to, b.data[i]);
	}
}

void page_text(struct text *to, const char *s)
{
	page_bytes(to, bytes_of(s));
}

static unsigned nibble(char c)
{
	return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

/* A SHA-256 in hex as base64, which is how a page's policy names it. */
static void write_base64(struct text *to, const char *hex)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned char raw[33] = { 0 };

	for (size_t i = 0; i < 32; i++)
		raw[i] = (unsigned char)(nibble(hex[2 * i]) << 4 | nibble(hex[2 * i + 1]));
	for (size_t i = 0; i < 33; i += 3) {
		const unsigned three = (unsigned)raw[i] << 16 | (unsigned)raw[i + 1] << 8 | raw[i + 2];
		for (unsigned k = 0; k < 4 && i + k < 33; k++)
			text_char(to, digits[three >> (18 - 6 * k) & 63]);
	}
	/* 32 bytes are eleven threes but one. */
	text_char(to, '=');
}

void page_begin(struct text *to, const char *title)
{
	char hex[DIGEST_HEX], sheet[STYLE_MOST];

	digest_hex(bytes_of(whole_style(sheet, sizeof(sheet))), (struct bytes){ 0 }, hex);
	text_add(to,
		"<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-");
	write_base64(to, hex);
	text_add(to,
		"'; base-uri 'none'; form-action 'none'\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		"<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"robots\" "
		"content=\"noindex\">\n<title>");
	page_text(to, title);
	text_add(to, "</title>\n<style>");
	text_add(to, sheet);
	text_add(to, "</style>\n</head>\n<body>\n");
}

void page_end(struct text *to)
{
	text_add(to, "</body>\n</html>\n");
}

static uint64_t column_total(const uint64_t *by)
{
	uint64_t n = 0;
	for (size_t k = 0; k < PAGE_KINDS; k++)
		n += by[page_kinds[k].kind];
	return n;
}

static void stamp(struct text *to, struct timespec t)
{
	char when[WHEN_SIZE];
	when_write(t, false, when);
	text_printf(to, "%.10s %.5s", when, when + 11);
}

/* One column, what matters most at its foot. */
static void column(struct text *to, const struct timeline *t, size_t i, uint64_t most)
{
	uint64_t y = BAR_HEIGHT;

	text_add(to, "<g><title>");
	stamp(to, timeline_at(t, i));
	text_add(to, " UTC");
	for (size_t k = 0; k < PAGE_KINDS; k++)
		if (t->by[i][page_kinds[k].kind])
			text_printf(to, ", %" PRIu64 " %s", t->by[i][page_kinds[k].kind], page_kinds[k].word);
	text_add(to, "</title>");
	for (size_t k = 0; k < PAGE_KINDS; k++) {
		const uint64_t n = t->by[i][page_kinds[k].kind];
		uint64_t height = n * (BAR_HEIGHT - PAGE_KINDS * BAR_LEAST) / most;
		if (n == 0)
			continue;
		height = height < BAR_LEAST ? BAR_LEAST : height;
		y -= height < y ? height : y;
		text_printf(to, "<rect class=\"%s\" x=\"%zu\" y=\"%" PRIu64 "\" width=\"8.6\" height=\"%" PRIu64 "\"/>",
			page_kinds[k].class, i * 10, y, height);
	}
	text_add(to, "</g>\n");
}

/* "1 h", "15 min", "7 d". */
static void duration(struct text *to, int64_t seconds)
{
	static const struct {
		int64_t seconds;
		const char *unit;
	} units[] = { { 86400, "d" }, { 3600, "h" }, { 60, "min" }, { 1, "s" } };
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (seconds % units[i].seconds == 0) {
			text_printf(to, "%lld %s", (long long)(seconds / units[i].seconds), units[i].unit);
			return;
		}
}

void page_timeline(struct text *to, const struct timeline *t)
{
	uint64_t most = 1;

	for (size_t i = 0; i < t->count; i++)
		most = column_total(t->by[i]) > most ? column_total(t->by[i]) : most;
	text_add(to, "<section class=\"time\">\n<h2>Decisions over time<small>a bar is ");
	duration(to, timeline_width(t));
	text_printf(to, ", the highest has %" PRIu64 "</small></h2>\n<ul class=\"legend\">", most);
	for (size_t k = PAGE_KINDS; k-- > 0;)
		text_printf(to, "<li><i class=\"%s\"></i>%s</li>", page_kinds[k].class, page_kinds[k].word);
	/* A few columns would be as wide as a thumb each. */
	const size_t columns = t->count < 24 ? 24 : t->count;
	text_printf(to,
		"</ul>\n<svg viewBox=\"0 0 %zu %u\" preserveAspectRatio=\"none\" role=\"img\" "
		"aria-label=\"Decisions over time\">\n",
		columns * 10, BAR_HEIGHT);
	for (size_t i = 0; i < t->count; i++)
		if (column_total(t->by[i]) > 0)
			column(to, t, i, most);
	text_add(to, "</svg>\n<p class=\"axis\">");
	for (size_t i = 0; i < 3; i++) {
		text_add(to, "<span>");
		stamp(to, timeline_at(t, columns * i / 2));
		text_add(to, "</span>");
	}
	text_add(to, "</p>\n</section>\n");
}

void page_bar(struct text *to, const uint64_t *by, uint64_t most)
{
	uint64_t x = 0;

	text_add(to, "<svg viewBox=\"0 0 1000 5\" preserveAspectRatio=\"none\" aria-hidden=\"true\">");
	for (size_t k = 0; k < PAGE_KINDS; k++) {
		const uint64_t n = by[page_kinds[k].kind], width = most ? n * 1000 / most : 0;
		if (n == 0)
			continue;
		text_printf(to, "<rect class=\"%s\" x=\"%" PRIu64 "\" width=\"%" PRIu64 "\" height=\"5\"/>",
			page_kinds[k].class, x, width < 4 ? 4 : width);
		x += width < 4 ? 4 : width;
	}
	text_add(to, "</svg>");
}
