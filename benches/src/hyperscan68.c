/* Searches a tree for the patterns that it reads from its input, one a line, with one Hyperscan database: what a scanner
 * built on the fastest regex engine would do. `hyperscan68 DIR <PATTERNS`: one thread, each file read whole. */

#define _XOPEN_SOURCE 700
#include <ftw.h>
#include <hs/hs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST_PATTERNS = 256, MOST_OPEN = 16 };

static hs_database_t *database;
static hs_scratch_t *scratch;
static char *content;
static size_t room;
static unsigned long long files, bytes, matches;

static int matched(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context) {
    (void)id, (void)from, (void)to, (void)flags, (void)context;
    matches++;
    return 0;
}

static int visit(const char *path, const struct stat *status, int type, struct FTW *place) {
    (void)place;
    if (type != FTW_F || !S_ISREG(status->st_mode)) {
        return 0;
    }
    size_t size = (size_t)status->st_size;
    if (size > room) {
        room = size;
        content = realloc(content, room);
    }
    FILE *file = fopen(path, "rb");
    if (!file || (size && !content)) {
        return 1;
    }
    setvbuf(file, NULL, _IONBF, 0);
    size = fread(content, 1, size, file);
    fclose(file);
    files++;
    bytes += size;
    return size && hs_scan(database, content, (unsigned)size, 0, scratch, matched, NULL) != HS_SUCCESS;
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int count, char **arguments) {
    static char *patterns[MOST_PATTERNS];
    static unsigned flags[MOST_PATTERNS], ids[MOST_PATTERNS];
    unsigned known = 0;
    char *line = NULL;
    size_t length = 0;
    if (count != 2) {
        fputs("name one directory to read\n", stderr);
        return 3;
    }
    while (known < MOST_PATTERNS && getline(&line, &length, stdin) > 0) {
        line[strcspn(line, "\n")] = 0;
        patterns[known] = strdup(line);
        ids[known] = known;
        known++;
    }
    hs_compile_error_t *error;
    if (hs_compile_multi((const char *const *)patterns, flags, ids, known, HS_MODE_BLOCK, NULL, &database, &error) !=
            HS_SUCCESS ||
        hs_alloc_scratch(database, &scratch) != HS_SUCCESS) {
        fputs("the patterns do not compile\n", stderr);
        return 3;
    }
    double start = now();
    if (nftw(arguments[1], visit, MOST_OPEN, FTW_PHYS) != 0) {
        fputs("the tree cannot be read\n", stderr);
        return 2;
    }
    double seconds = now() - start;
    printf("%llu files, %llu bytes, %u patterns, %llu ends of matches, %.3f s, %.3f GB/s\n", files, bytes, known, matches,
           seconds, (double)bytes / seconds / 1e9);
    return 0;
}
