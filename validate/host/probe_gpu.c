/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which NVIDIA driver and which of its devices there are, as its kernel module says itself in /proc/driver/nvidia. No
 * library of it is loaded and no device opened: that would wake them up, and wait.
 */
#include <stdlib.h>

#include "validate/host/probe.h"
#include "validate/host/read.h"

#define TOP "proc/driver/nvidia/"
#define DEVICES_MOST 64u
#define INSTANCES_MOST 64u

/* What stands behind "NAME:" in a file of lines. */
static struct bytes value_of(struct bytes text, const char *name)
{
	struct bytes line;
	const size_t n = strlen(name);
	while (read_line(&text, &line))
		if (bytes_start(line, name) && line.len > n && line.data[n] == ':')
			return read_trimmed((struct bytes){ line.data + n + 1, line.len - n - 1 });
	return (struct bytes){ 0 };
}

/*
 * "NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.104.05  Sat Aug 19 …", and "… Open Kernel Module for x86_64
 * 545.23.06  Release Build …": the first word that begins with a digit and has a dot.
 */
static void add_driver(struct probe *p, struct doc *to, struct bytes version)
{
	struct bytes line = value_of(version, "NVRM version"), word;
	while (read_word(&line, &word))
		if (word.data[0] >= '0' && word.data[0] <= '9' && memchr(word.data, '.', word.len)) {
			make_string(p->arena, to, "driver", word);
			return;
		}
}

static void add_directory(struct probe *p, struct doc *to, struct bytes name)
{
	(void)make_string(p->arena, to, NULL, name);
}

static int by_text(const void *a, const void *b)
{
	const struct bytes *x = a, *y = b;
	const int order = memcmp(x->data, y->data, x->len < y->len ? x->len : y->len);
	return order ? order : (x->len > y->len) - (x->len < y->len);
}

/* The names in a directory, sorted; how many, `most` at most. */
static size_t names_in(struct probe *p, const char *path, struct bytes *names, size_t most)
{
	struct doc *list = make_array(p->arena, make_document(p->arena), "names");
	size_t count = 0;
	if (!path || !probe_list(p, path, add_directory, list))
		return 0;
	for (const struct doc *e = list ? list->first : NULL; e && count < most; e = e->next)
		names[count++] = e->string;
	qsort(names, count, sizeof(*names), by_text);
	return count;
}

/* What a device was divided into: "gi1/ci0" for a compute instance in each GPU instance; "gi1" where it has none. */
static void add_instances(struct probe *p, struct doc *to, struct bytes minor)
{
	struct bytes gis[INSTANCES_MOST], cis[INSTANCES_MOST];
	uint64_t number;
	if (!read_number(minor, &number))
		return;
	const char *mig = arena_printf(p->arena, TOP "capabilities/gpu%llu/mig", (unsigned long long)number);
	if (!mig || !probe_exists(p, mig))
		return;
	struct doc *list = make_array(p->arena, to, "mig");
	const size_t count = names_in(p, mig, gis, INSTANCES_MOST);
	for (size_t i = 0; i < count; i++) {
		size_t found = 0;
		if (!bytes_start(gis[i], "gi"))
			continue;
		const char *gi = arena_printf(p->arena, "%s/%.*s", mig, (int)gis[i].len, gis[i].data);
		const size_t n = names_in(p, gi, cis, INSTANCES_MOST);
		for (size_t j = 0; j < n; j++) {
			if (!bytes_start(cis[j], "ci"))
				continue;
			const char *both = arena_printf(p->arena, "%.*s/%.*s", (int)gis[i].len, gis[i].data,
				(int)cis[j].len, cis[j].data);
			found += both && make_string(p->arena, list, NULL, bytes_of(both));
		}
		if (!found)
			make_string(p->arena, list, NULL, gis[i]);
	}
}

/* Until it is first used a device knows its own UUID only as question marks. */
static void add_device(struct probe *p, struct doc *list, struct bytes pci)
{
	const char *path = arena_printf(p->arena, TOP "gpus/%.*s/information", (int)pci.len, pci.data);
	const struct bytes text = path ? probe_read(p, path, PROBE_FILE) : (struct bytes){ 0 };
	const struct bytes uuid = value_of(text, "GPU UUID"), model = value_of(text, "Model");
	struct doc *to = make_object(p->arena, list, NULL);
	make_string(p->arena, to, "pci", pci);
	if (uuid.len && !memchr(uuid.data, '?', uuid.len))
		make_string(p->arena, to, "uuid", uuid);
	if (model.len)
		make_string(p->arena, to, "model", model);
	add_instances(p, to, value_of(text, "Device Minor"));
}

void probe_gpu(struct probe *p)
{
	struct doc *to = make_member(p->arena, p->to, "gpu");
	const struct bytes version = probe_read(p, TOP "version", PROBE_FILE);
	struct bytes names[DEVICES_MOST];
	if (!version.len)
		return;
	struct doc *nvidia = make_object(p->arena, to, "nvidia");
	add_driver(p, nvidia, version);
	const size_t count = names_in(p, TOP "gpus", names, DEVICES_MOST);
	struct doc *list = make_array(p->arena, nvidia, "devices");
	for (size_t i = 0; i < count; i++)
		add_device(p, list, names[i]);
}
