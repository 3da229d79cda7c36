/* Whole files, written beside their place and moved there when all is in them.  SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "io/io.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

PhStatus ph_io_refuse(char *error, PhStatus status, const char *who, const char *why)
{
  (void)snprintf(error, PH_IO_ERROR_BYTES, "%s: %s", who, why);
  return status;
}

PhStatus ph_io_fail(char *error, PhStatus status, const char *path, const char *why)
{
  if (strcmp(path, "-") == 0) {
    (void)snprintf(error, PH_IO_ERROR_BYTES, "cannot write to standard output: %s", why);
  } else {
    (void)snprintf(error, PH_IO_ERROR_BYTES, "cannot write `%s`: %s", path, why);
  }
  return status;
}

PhStatus ph_io_write_bytes(int fd, const char *path, const void *bytes, size_t count, char *error)
{
  const unsigned char *at = bytes;
  while (count > 0) {
    const ssize_t n = write(fd, at, count);
    if (n < 0 && errno == EINTR) {
      continue;
    }
    if (n <= 0) {
      return ph_io_fail(error, PH_IO, path, strerror(n < 0 ? errno : EIO));
    }
    at += n;
    count -= (size_t)n;
  }
  return PH_OK;
}

char *ph_io_resolve(const char *path)
{
  struct stat st;
  if (lstat(path, &st) == 0 && S_ISLNK(st.st_mode)) {
    char *target = realpath(path, NULL);
    if (target) {
      return target;
    }
  }
  return strdup(path);
}

PhStatus ph_io_create_beside(const char *path, char **temporary, int *fd, char *error)
{
  const char *slash = strrchr(path, '/');
  const int dir_len = slash ? (int)(slash - path) + 1 : 0;
  const char *name = path + dir_len;
  for (unsigned i = 0; i < 1000; i++) {
    char *made = NULL;
    if (asprintf(&made, "%.*s.%.200s.%ld-%u.part", dir_len, path, name, (long)getpid(), i) < 0) {
      return ph_io_fail(error, PH_NOMEM, path, ph_status_text(PH_NOMEM));
    }
    *fd = open(made, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0666);
    if (*fd >= 0) {
      *temporary = made;
      return PH_OK;
    }
    const int why = errno;
    free(made);
    if (why != EEXIST) {
      return ph_io_fail(error, PH_IO, path, strerror(why));
    }
  }
  return ph_io_fail(error, PH_IO, path, strerror(EEXIST));
}

/* ---- whole files ------------------------------------------------------------------------------------------------ */

/* Standard output, a pipe, a device: written straight through. */
static PhStatus write_through(const char *path, const void *bytes, size_t count, char *error)
{
  const bool is_stdout = strcmp(path, "-") == 0;
  const int fd = is_stdout ? STDOUT_FILENO : open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) {
    return ph_io_fail(error, PH_IO, path, strerror(errno));
  }
  PhStatus status = ph_io_write_bytes(fd, path, bytes, count, error);
  if (!is_stdout && close(fd) != 0 && status == PH_OK) {
    status = ph_io_fail(error, PH_IO, path, strerror(errno));
  }
  return status;
}

static PhStatus replace(const char *path, const void *bytes, size_t count, char *error)
{
  char *temporary = NULL;
  int fd = -1;
  PhStatus status = ph_io_create_beside(path, &temporary, &fd, error);
  if (status != PH_OK) {
    return status;
  }
  status = ph_io_write_bytes(fd, path, bytes, count, error);
  if (close(fd) != 0 && status == PH_OK) {
    status = ph_io_fail(error, PH_IO, path, strerror(errno));
  }
  if (status == PH_OK && rename(temporary, path) != 0) {
    status = ph_io_fail(error, PH_IO, path, strerror(errno));
  }
  if (status != PH_OK) {
    (void)unlink(temporary);
  }
  free(temporary);
  return status;
}

PhStatus ph_io_write_file(const char *path, const void *bytes, size_t count, char *error)
{
  struct stat st;
  error[0] = 0;
  const bool exists = stat(path, &st) == 0;
  if (strcmp(path, "-") == 0 || (exists && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))) {
    return write_through(path, bytes, count, error);
  }
  if (exists && (S_ISDIR(st.st_mode) || access(path, W_OK) != 0)) {
    return ph_io_fail(error, PH_IO, path, strerror(S_ISDIR(st.st_mode) ? EISDIR : errno));
  }
  char *target = ph_io_resolve(path);
  const PhStatus status =
      target ? replace(target, bytes, count, error) : ph_io_fail(error, PH_NOMEM, path, ph_status_text(PH_NOMEM));
  free(target);
  return status;
}
