/* Gives every file of the folders that are named to a fuzz target: a corpus as a test. Fails if there is none.
   SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz.h"

enum { PATH_BYTES = 4096 };

static int run_file(const char *path)
{
  FILE *file = fopen(path, "rb");
  if (!file) {
    perror(path);
    return -1;
  }
  uint8_t *data = NULL;
  size_t size = 0;
  size_t n = 0;
  uint8_t piece[4096];
  while ((n = fread(piece, 1, sizeof piece, file)) > 0) {
    uint8_t *grown = realloc(data, size + n);
    if (!grown) {
      abort();
    }
    data = grown;
    memcpy(data + size, piece, n);
    size += n;
  }
  fclose(file);
  const int result = LLVMFuzzerTestOneInput(data, size);
  free(data);
  return result;
}

static int run_dir(const char *path, size_t *count)
{
  DIR *dir = opendir(path);
  if (!dir) {
    perror(path);
    return -1;
  }
  int result = 0;
  const struct dirent *entry;
  while (result == 0 && (entry = readdir(dir))) {
    char name[PATH_BYTES];
    struct stat st;
    const int len = snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
    if (len > 0 && (size_t)len < sizeof name && stat(name, &st) == 0 && S_ISREG(st.st_mode)) {
      result = run_file(name);
      *count += 1;
    }
  }
  closedir(dir);
  return result;
}

int main(int argc, char **argv)
{
  size_t count = 0;
  int result = 0;
  for (int i = 1; i < argc && result == 0; i++) {
    result = run_dir(argv[i], &count);
  }
  printf("%zu files\n", count);
  return result == 0 && count > 0 ? 0 : 1;
}
