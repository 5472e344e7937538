/*
 * Stands between a program and its disk (LD_PRELOAD), for the files of one folder:
 * - with DISK_LOG it records what is written, synced, cut, made, renamed and removed, in the order in which it happened;
 * - with DISK_FAULT, a file that says `<call> <name>`, the next such call on such a file fails with EIO, once.
 * The log's index in shared memory (-shm) is left out: after a power cut it is made anew.
 * It must not change what the program does otherwise.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))real(#name))

static char folder[PATH_MAX];
static size_t folder_length;
static const char *fault_file;
static int log_fd = -1;

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("DISK_FOLDER");
  if (!path || !realpath(path, folder)) return;
  folder_length = strlen(folder);
  fault_file = getenv("DISK_FAULT");
  const char *log = getenv("DISK_LOG");
  if (log) log_fd = REAL(open64)(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
}

/* The name within the folder ("" is the folder itself), or NULL for what is none of ours. */
static const char *name_of_path(const char *path) {
  if (!folder_length || strncmp(path, folder, folder_length)) return NULL;
  if (path[folder_length] == 0) return "";
  if (path[folder_length] != '/') return NULL;
  const char *name = path + folder_length + 1;
  size_t length = strlen(name);
  return length > 4 && !strcmp(name + length - 4, "-shm") ? NULL : name;
}

static const char *name_of(int fd, char *space) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, space, PATH_MAX - 1);
  if (length < 0) return NULL;
  space[length] = 0;
  return name_of_path(space);
}

/* One record: its header, the name, the data. A single append, so that threads do not mix theirs. */
static void record(char kind, const char *name, uint64_t offset, const void *data, uint64_t length) {
  if (log_fd < 0 || !name) return;
  struct { uint32_t kind, name_length; uint64_t offset, length; } head = {kind, strlen(name), offset, length};
  struct iovec parts[] = {{&head, sizeof head}, {(void *)name, head.name_length}, {(void *)data, length}};
  if (writev(log_fd, parts, 3) != (ssize_t)(sizeof head + head.name_length + length)) abort();
}

static int must_fail(const char *call, const char *name) {
  if (!fault_file || !name) return 0;
  int fd = REAL(open64)(fault_file, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  char said[256] = "", here[256];
  ssize_t length = read(fd, said, sizeof said - 1);
  close(fd);
  snprintf(here, sizeof here, "%s %s", call, name);
  /* Of two threads only the one that removes the order carries it out. */
  if (length <= 0 || strcmp(said, here) || REAL(unlink)(fault_file)) return 0;
  errno = EIO;
  return 1;
}

int open64(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  mode_t mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;
  va_end(more);
  const char *name = flags & O_CREAT ? name_of_path(path) : NULL;
  int is_new = name && access(path, F_OK);
  int fd = REAL(open64)(path, flags, mode);
  if (is_new && fd >= 0) record('c', name, 0, "", 0);
  return fd;
}

ssize_t pwrite64(int fd, const void *data, size_t length, off64_t offset) {
  char space[PATH_MAX];
  const char *name = name_of(fd, space);
  if (must_fail("pwrite", name)) return -1;
  ssize_t written = REAL(pwrite64)(fd, data, length, offset);
  if (written > 0) record('w', name, offset, data, written);
  return written;
}

int ftruncate64(int fd, off64_t length) {
  char space[PATH_MAX];
  int failed = REAL(ftruncate64)(fd, length);
  if (!failed) record('t', name_of(fd, space), length, "", 0);
  return failed;
}

static int synced(int fd, int (*sync)(int)) {
  char space[PATH_MAX];
  const char *name = name_of(fd, space);
  if (must_fail("sync", name)) return -1;
  int failed = sync(fd);
  if (!failed) record('s', name, 0, "", 0);
  return failed;
}
int fsync(int fd) { return synced(fd, REAL(fsync)); }
int fdatasync(int fd) { return synced(fd, REAL(fdatasync)); }

int unlink(const char *path) {
  int failed = REAL(unlink)(path);
  if (!failed) record('u', name_of_path(path), 0, "", 0);
  return failed;
}

int rename(const char *from, const char *to) {
  int failed = REAL(rename)(from, to);
  const char *name = name_of_path(to);
  if (!failed && name) record('r', name_of_path(from), 0, name, strlen(name));
  return failed;
}
