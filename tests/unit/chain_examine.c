/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything that is wrong with a chain over several files: which record, where, and nothing else. Lines, files, heads
 * and merged chains are damaged one way after the other, each time in a fresh copy.
 */
#include "audit/chain_examine.h"

#include <sys/resource.h>

#include "audit/upkeep.h"
#include "tests/unit/audit.h"

#define WHOLE "/run/whole"
#define DIR_ "/run/log"
#define SPILL "/run/spill"

static struct fail why;

/* Sixty records in six files, ten each, and a spilled chain of four that came home and was told of. */
static const struct chain_bounds bounds = { .rotate = 10400, .keep = LIMIT_CHAIN_KEEP };

static void append(const char *dir, const struct chain_bounds *b)
{
	struct arena a;
	arena_init(&a, LIMIT_ARENA);
	struct record r = some_record(&a, "web");
	char filler[512];
	memset(filler, 'f', sizeof(filler)); /* lines of one length, so that files have ten each */
	(void)record_add(&r, FIELD_ROOT, (struct bytes){ filler, 512 });
	(void)record_add(&r, FIELD_CALLER_EXE, (struct bytes){ filler, 12 });
	if (chain_append_within(&r, dir, b, deadline_in(1000), &why) < 0)
		abort();
	arena_done(&a);
}

static void __attribute__((format(printf, 1, 2))) run(const char *format, ...)
{
	char command[400];
	va_list ap;
	va_start(ap, format);
	vsnprintf(command, sizeof(command), format, ap);
	va_end(ap);
	if (system(command) != 0)
		printf("# failed: %s\n", command);
}

static void build(void)
{
	struct merged m;
	struct record r;
	for (int i = 0; i < 59; i++)
		append(WHOLE, &bounds);
	for (int i = 0; i < 4; i++)
		append(SPILL, &bounds);
	is_int(chain_merge(fresh_arena(), SPILL, WHOLE, deadline_in(1000), &m), 1, "(a spilled chain came home)");
	is_int(record_init(&r, fresh_arena(), NULL), 0, "(told)");
	is_int(record_fill_merged(&r, &m), 0, "(told)");
	is_int(chain_append_within(&r, WHOLE, &bounds, deadline_in(1000), NULL), 0, "(told)");
}

/* All faults, one per line: FILE:LINE: WORDS. */
static const char *faults(void)
{
	static char text[20000];
	struct text to = text_over(text, sizeof(text));
	struct examination e;
	why = (struct fail){ 0 };
	if (chain_examine(fresh_arena(), DIR_, &e, &why) < 0)
		return why.says;
	for (size_t i = 0; i < e.fault_count; i++) {
		const struct chain_fault *f = &e.faults[i];
		text_printf(&to, "%s:%lu", f->file, (unsigned long)f->line);
		if (f->to_line > f->line)
			text_printf(&to, "-%lu", (unsigned long)f->to_line);
		text_add(&to, ": ");
		chain_fault_write(f, &to);
		text_char(&to, '\n');
	}
	examination_done(&e);
	return text;
}

/* Edits one line of a file and gives it a hash that fits again: seal.py FILE LINE FROM TO. */
static const char seal[] = "import hashlib,re,sys\n"
			   "name,number,old,new=sys.argv[1:]\n"
			   "lines=open(name).read().split('\\n')\n"
			   "line=lines[int(number)-1].replace(old,new)\n"
			   "body=re.sub(',\"hash\":\"[0-9a-f]*\"','',line,count=1)\n"
			   "prev=re.search('\"prev\":\"([0-9a-f]*)',line).group(1)\n"
			   "digest=hashlib.sha256((prev+body).encode()).hexdigest()\n"
			   "lines[int(number)-1]=re.sub(',\"hash\":\"[0-9a-f]*',',\"hash\":\"'+digest,line,count=1)\n"
			   "open(name,'w').write('\\n'.join(lines))\n";

/* What somebody did, as a shell does it in the directory, and all that is to be said of it. */
static const struct damage {
	const char *what, *how, *says;
} damages[] = {
	{ "nothing", "true", "" },
	{ "one line edited", "sed -i '3s/\"web\"/\"wob\"/' chain.4",
		"chain.4:3: record 13 was changed after it was written\n" },
	{ "two lines edited", "sed -i '3s/\"web\"/\"wob\"/; 7s/\"web\"/\"wob\"/' chain.4",
		"chain.4:3: record 13 was changed after it was written\nchain.4:7: record 17 was changed after it was "
		"written\n" },
	{ "three in a row, in two files",
		"sed -i '9,10s/\"web\"/\"wob\"/' chain.4; sed -i '1s/\"web\"/\"wob\"/' chain.3",
		"chain.4:9-10: records 19 to 20 were changed after they were written\nchain.3:1: record 21 was changed "
		"after it was written\n" },
	{ "the last line edited", "sed -i '$s/audit.spilled/audit.spillen/' chain",
		"chain:10: record 60 was changed after it was written\n" },
	{ "the first line edited", "sed -i '1s/\"web\"/\"wob\"/' chain.5",
		"chain.5:1: it is no record, or was changed after it was written\n" },
	{ "a line deleted", "sed -i 4d chain.2", "chain.2:4: record 34 is missing before it\n" },
	{ "several deleted", "sed -i 4,6d chain.2", "chain.2:4: records 34 to 36 are missing before it\n" },
	{ "the last of a file deleted", "sed -i '$d' chain.2", "chain.1:1: record 40 is missing before it\n" },
	{ "the first line of all deleted", "sed -i 1d chain.5", "chain.5:1: record 1 is missing before it\n" },
	{ "two changed places", "sed -i -n '4{h;d};5{G};p' chain.2",
		"chain.2:5: record 34 is out of order: it stands behind a later one\n" },
	{ "one moved to the end of a file", "sed -i -n '2{h;d};${G};p' chain.2",
		"chain.2:10: record 32 is out of order: it stands behind a later one\n" },
	{ "a line twice", "sed -i '4p' chain.2", "chain.2:5: record 34 stands there a second time\n" },
	{ "a line from another file", "sed -n 2p chain.5 > x; sed -i '5r x' chain.2; rm x",
		"chain.2:6: record 2 stands there a second time\n" },
	{ "garbage between two lines", "sed -i '4a nonsense' chain.2",
		"chain.2:5: where record 35 was stands no record\n" },
	{ "a line overwritten", "sed -i '4s/.*/nonsense/' chain.2",
		"chain.2:4: where record 34 was stands no record\n" },
	{ "a line far too long",
		"head -c 300000 /dev/zero | tr '\\0' x > x; echo >> x; sed -i -e '4r x' -e 4d chain.2; rm x",
		"chain.2:4: where record 34 was stands no record\n" },
	{ "the tail of the last file deleted", "sed -i 8,10d chain",
		"chain:7: records 58 to 60 are missing after it: the chain was longer\n" },
	{ "the last file emptied", ": > chain",
		"chain:0: records 51 to 60 are missing after it: the chain was longer\n" },
	{ "the last file removed", "rm chain",
		"chain.1:10: records 51 to 60 are missing after it: the chain was longer\n" },
	{ "the last line cut", "truncate -s -40 chain", "chain:10: record 60 is cut short\n" },
	{ "a rotated file cut", "truncate -s -40 chain.3", "chain.3:10: record 30 is cut short\n" },
	{ "a rotated file removed", "rm chain.3",
		"chain.2:1: records 21 to 30 are missing before it; the file chain.3 is not there\n" },
	{ "the oldest file removed", "rm chain.5", "chain.4:1: records 1 to 10 are missing before it\n" },
	{ "two files swapped", "mv chain.3 x; mv chain.2 chain.3; mv x chain.2",
		"chain.2:1-10: records 21 to 30 are out of order: they stand behind later ones\n" },
	{ "a file twice", "cp chain.4 chain.3",
		"chain.3:1-10: records 11 to 20 stand there a second time\nchain.2:1: records 21 to 30 are missing "
		"before it\n" },
	{ "the head of an earlier time", "sed -i 's/^/x/' head", "" },
	{ "no head", "rm head", "" },
	{ "a merged chain removed", "rm merged-*", "ABSENT" },
	{ "a merged chain cut", "sed -i '$d' merged-*", "CUT" },
	{ "a merged chain edited", "sed -i '2s/\"web\"/\"wob\"/' merged-*", "EDITED" },
	{ "everything at once",
		"sed -i 4d chain.2; sed -i '3s/\"web\"/\"wob\"/' chain.4; sed -i '6p' chain; sed -i 2d chain.1",
		"chain.4:3: record 13 was changed after it was written\nchain.2:4: record 34 is missing before it\n"
		"chain.1:2: record 42 is missing before it\nchain:7: record 56 stands there a second time\n" },
};

static void test_damages(void)
{
	char merged[300] = "";
	FILE *list = popen("cd " WHOLE " && echo merged-*", "re");
	ok(list && fscanf(list, "%250s", merged) == 1, "(%s)", merged);
	pclose(list);
	for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
		const struct damage *d = &damages[i];
		char want[2000];
		run("rm -rf " DIR_ " && cp -a " WHOLE " " DIR_ " && cd " DIR_ " && %s", d->how);
		snprintf(want, sizeof(want), "%s", d->says);
		if (strcmp(d->says, "ABSENT") == 0)
			snprintf(want, sizeof(want), "%s:0: it is not there, and record 60 of the chain tells of it\n",
				merged);
		else if (strcmp(d->says, "CUT") == 0)
			snprintf(want, sizeof(want), "%s:0: record 4 is missing after it: the chain was longer\n",
				merged);
		else if (strcmp(d->says, "EDITED") == 0)
			snprintf(want, sizeof(want), "%s:2: record 2 was changed after it was written\n", merged);
		is_text(faults(), want, "%s", d->what);
	}
}

/* A line that was edited and sealed anew: its own hash is right, and the next one does not follow. */
static void test_resealed(void)
{
	spill_to("/run/seal.py", seal, sizeof(seal) - 1);
	run("rm -rf " DIR_ " && cp -a " WHOLE " " DIR_ " && python3 /run/seal.py " DIR_ "/chain.3 5 web wob");
	is_text(faults(), "chain.3:6: record 26 does not follow the line before it: one of them was replaced\n",
		"a line edited and sealed anew");
	run("rm -rf " DIR_ " && cp -a " WHOLE " " DIR_ " && python3 /run/seal.py " DIR_ "/chain 10 not nut");
	is_text(faults(), "chain:10: record 60 is not the one that was written last under its number\n",
		"the last line edited and sealed anew: the head knows");
}

/* Another host's file in the place of one of ours, and another host's files altogether. */
static void test_foreign(void)
{
	char text[200];
	struct examination e;
	run("rm -rf /run/other");
	for (int i = 0; i < 60; i++)
		append("/run/other", &bounds);
	run("rm -rf " DIR_ " && cp -a " WHOLE " " DIR_ " && cp /run/other/chain.3 " DIR_ "/chain.3");
	const char *said = faults();
	ok(strstr(said, "chain.3:1: another chain begins here, ") == said &&
			strstr(said, "\nchain.2:1: records 21 to 30 are missing before it\n") &&
			count_of(said, "\n") == 2,
		"a file of another host in the place of one of ours: %s", said);
	run("cp /run/other/head " DIR_ "/head; cp " WHOLE "/chain.3 " DIR_ "/chain.3");
	said = faults();
	snprintf(text, sizeof(text), "chain:0: the file head beside it is of another chain, ");
	ok(strstr(said, text) == said && count_of(said, "\n") == 1, "a head of another host: %s", said);
	ok(chain_examine(fresh_arena(), "/run/nowhere", &e, &why) < 0 && strstr(why.says, "/run/nowhere"),
		"no directory: %s", why.says);
	run("rm -rf /run/empty; mkdir /run/empty");
	is_int(chain_examine(fresh_arena(), "/run/empty", &e, &why), 0, "an empty one");
	ok(e.fault_count == 0 && e.records == 0, "has no fault and no record");
	examination_done(&e);
}

/* Each record is found again by its number. */
static void test_find(void)
{
	struct examination e;
	struct arena *a = fresh_arena();
	char hash[DIGEST_HEX];
	run("rm -rf " DIR_);
	const struct chain_bounds wide = { .rotate = 400000, .keep = LIMIT_CHAIN_KEEP };
	for (int i = 0; i < 1000; i++)
		append(DIR_, &wide);
	run("sed -i '100s/.*/x/; 101s/\"web\"/\"wob\"/' " DIR_ "/chain");
	is_int(chain_examine(a, DIR_, &e, &why), 0, "(examined)");
	is_int(e.chain_count, 1, "one chain");
	const struct chain_known *k = &e.chains[0];
	ok(k->first == 1 && k->last == 1000, "from its first to its last record");
	char before[DIGEST_HEX] = "";
	unsigned found = 0, lost = 0;
	for (uint64_t seq = 1; seq <= 1000; seq++) {
		const int r = examination_hash(&e, bytes_of(k->chain), seq, hash);
		found += r == 0 && strcmp(hash, before) != 0;
		lost += r == -ENOENT;
		if (r == 0)
			memcpy(before, hash, sizeof(before));
	}
	ok(found >= 998 && found + lost == 1000, "each is found: %u, and %u are not", found, lost);
	is_text(before, k->last_hash, "the last one is the chain's last");
	is_int(examination_hash(&e, bytes_of(k->chain), 7, hash), 0, "back again");
	is_int(examination_hash(&e, bytes_of(k->chain), 1001, hash), -ENOENT, "none behind the last");
	is_int(examination_hash(&e, bytes_of(k->chain), 0, hash), -ENOENT, "none before the first");
	is_int(examination_hash(&e, BYTES("0123456789abcdef0123456789abcdef"), 1, hash), -ENOENT,
		"none of another chain");
	examination_done(&e);
}

int main(void)
{
	private_run("mode=755,size=256m");
	const int before = open_descriptors();
	build();
	test_damages();
	test_resealed();
	test_foreign();
	test_find();
	is_int(open_descriptors(), before + 1,
		"every descriptor is closed again, but the one of the directory that is kept");
	arena_done(fresh_arena());
	return tap_done();
}
