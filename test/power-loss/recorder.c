// Records what a program tells the disk, so that power can be cut after any of it (LD_PRELOAD, Linux, glibc).
//
// Every change below SALLYPORT_RECORD_ROOT goes into the file SALLYPORT_RECORD_LOG, in the order in which it was made,
// because each is made and written down under one lock. A record is: one letter, then per letter
//   c path ino        a file was created           t ino size       a file was cut or grown to a size
//   w ino at bytes    bytes were written            s ino            a file was synced
//   d path            a folder was synced           m path           a folder was created
//   r from to         a name was moved              u path           a name was removed (file or folder)
//   a text            the program said something to the world (a write to SALLYPORT_RECORD_ACKS)
// Numbers are 8 bytes, little-endian; texts and bytes are a number and so many bytes.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define MOST_FILES 4096
#define REAL(name) ((__typeof__(&name))real(#name))

enum kind { OTHER, FILE_OF_OURS, FOLDER_OF_OURS, ACKS };
static struct { enum kind kind; uint64_t ino; char *path; } files[MOST_FILES];
static pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static const char *root, *acks;
static int out = -1;

static void *real(const char *name) {
  void *found = dlsym(RTLD_NEXT, name);
  if (!found) abort();
  return found;
}

__attribute__((constructor)) static void begin(void) {
  const char *log = getenv("SALLYPORT_RECORD_LOG");
  root = getenv("SALLYPORT_RECORD_ROOT");
  acks = getenv("SALLYPORT_RECORD_ACKS");
  if (log && root) out = REAL(open)(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
}

static void put(const void *bytes, size_t count) {
  for (size_t done = 0; done < count;) {
    ssize_t wrote = REAL(write)(out, (const char *)bytes + done, count - done);
    if (wrote < 0 && errno != EINTR) abort();
    if (wrote > 0) done += wrote;
  }
}
static void letter(char value) { put(&value, 1); }
static void number(uint64_t value) { put(&value, 8); }
static void bytes(const void *from, size_t count) { number(count); put(from, count); }
static void text(const char *value) { bytes(value, strlen(value)); }

/** The absolute path, its folders' links resolved; null when it is not below the root. */
static char *ours(int folder, const char *path, char *into) {
  if (out < 0 || !path) return NULL;
  char full[PATH_MAX];
  if (path[0] == '/') snprintf(full, sizeof full, "%s", path);
  else {
    char base[PATH_MAX], link[64];
    if (folder == AT_FDCWD) { if (!getcwd(base, sizeof base)) return NULL; }
    else {
      snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
      ssize_t got = readlink(link, base, sizeof base - 1);
      if (got < 0) return NULL;
      base[got] = 0;
    }
    if (snprintf(full, sizeof full, "%s/%s", base, path) >= (int)sizeof full) return NULL;
  }
  char *name = strrchr(full, '/');
  if (!name[1]) *name = 0, name = strrchr(full, '/');
  char last[NAME_MAX + 1], parent[PATH_MAX];
  snprintf(last, sizeof last, "%s", name + 1);
  *name = 0;
  if (!realpath(full[0] ? full : "/", parent)) return NULL;
  if (snprintf(into, PATH_MAX, "%s/%s", parent, last) >= PATH_MAX) return NULL;
  size_t length = strlen(root);
  return strncmp(into, root, length) == 0 && (into[length] == '/' || !into[length]) ? into : NULL;
}

static int opened(int folder, const char *path, int flags, mode_t mode, int (*how)(int, const char *, int, mode_t)) {
  char place[PATH_MAX];
  pthread_mutex_lock(&lock);
  char *mine = ours(folder, path, place);
  struct stat before;
  int existed = mine && fstatat(folder, path, &before, AT_SYMLINK_NOFOLLOW) == 0;
  int fd = how(folder, path, flags, mode);
  int failure = errno;
  if (fd >= 0 && fd < MOST_FILES) {
    struct stat now;
    free(files[fd].path);
    files[fd].kind = OTHER;
    files[fd].path = NULL;
    if (mine && fstat(fd, &now) == 0) {
      if (acks && strcmp(mine, acks) == 0) files[fd].kind = ACKS;
      else if (S_ISDIR(now.st_mode)) files[fd].kind = FOLDER_OF_OURS;
      else if (S_ISREG(now.st_mode)) files[fd].kind = FILE_OF_OURS;
      files[fd].ino = now.st_ino;
      files[fd].path = strdup(mine);
      if (files[fd].kind == FILE_OF_OURS) {
        if (!existed) letter('c'), text(mine), number(now.st_ino);
        else if (flags & O_TRUNC) letter('t'), number(now.st_ino), number(0);
      }
    }
  }
  pthread_mutex_unlock(&lock);
  errno = failure;
  return fd;
}

static int really(int folder, const char *path, int flags, mode_t mode) { return REAL(openat)(folder, path, flags, mode); }
#define MODE(flags) mode_t mode = 0; if ((flags) & (O_CREAT | O_TMPFILE)) { va_list rest; va_start(rest, flags); mode = va_arg(rest, mode_t); va_end(rest); }
int open(const char *path, int flags, ...) { MODE(flags) return opened(AT_FDCWD, path, flags, mode, really); }
int open64(const char *path, int flags, ...) { MODE(flags) return opened(AT_FDCWD, path, flags, mode, really); }
int openat(int folder, const char *path, int flags, ...) { MODE(flags) return opened(folder, path, flags, mode, really); }
int openat64(int folder, const char *path, int flags, ...) { MODE(flags) return opened(folder, path, flags, mode, really); }
int creat(const char *path, mode_t mode) { return opened(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, mode, really); }

int close(int fd) {
  pthread_mutex_lock(&lock);
  if (fd >= 0 && fd < MOST_FILES) files[fd].kind = OTHER;
  int result = REAL(close)(fd);
  pthread_mutex_unlock(&lock);
  return result;
}

/** A number may have been closed behind our back (libuv calls the kernel itself) and be another file by now. */
static enum kind kindOf(int fd) {
  struct stat now;
  if (out < 0 || fd < 0 || fd >= MOST_FILES || files[fd].kind == OTHER) return OTHER;
  if (fstat(fd, &now) != 0 || now.st_ino != files[fd].ino) files[fd].kind = OTHER;
  return files[fd].kind;
}

static void wrote(int fd, off_t at, const void *from, ssize_t count) {
  if (count <= 0) return;
  if (files[fd].kind == ACKS) letter('a'), bytes(from, count);
  else letter('w'), number(files[fd].ino), number(at), bytes(from, count);
}

/** Where a write without a place goes: at the end in append mode, else where the file stands. */
static off_t standing(int fd) {
  struct stat now;
  if ((fcntl(fd, F_GETFL) & O_APPEND) && fstat(fd, &now) == 0) return now.st_size;
  return lseek(fd, 0, SEEK_CUR);
}

#define RECORDED(fd, at, from, count, call) \
  if (kindOf(fd) != FILE_OF_OURS && kindOf(fd) != ACKS) return call; \
  pthread_mutex_lock(&lock); \
  off_t place = (at); \
  ssize_t done = call; \
  int failure = errno; \
  wrote(fd, place, from, done); \
  pthread_mutex_unlock(&lock); \
  errno = failure; \
  return done;

ssize_t write(int fd, const void *from, size_t count) { RECORDED(fd, standing(fd), from, count, REAL(write)(fd, from, count)) }
ssize_t pwrite(int fd, const void *from, size_t count, off_t at) { RECORDED(fd, at, from, count, REAL(pwrite)(fd, from, count, at)) }
ssize_t pwrite64(int fd, const void *from, size_t count, off64_t at) { RECORDED(fd, at, from, count, REAL(pwrite64)(fd, from, count, at)) }

/** Written one by one, so that each is recorded: a short write is allowed. */
ssize_t writev(int fd, const struct iovec *pieces, int count) {
  if (kindOf(fd) == OTHER) return REAL(writev)(fd, pieces, count);
  return count > 0 ? write(fd, pieces[0].iov_base, pieces[0].iov_len) : 0;
}
ssize_t pwritev(int fd, const struct iovec *pieces, int count, off_t at) {
  if (kindOf(fd) == OTHER) return REAL(pwritev)(fd, pieces, count, at);
  return count > 0 ? pwrite(fd, pieces[0].iov_base, pieces[0].iov_len, at) : 0;
}
ssize_t pwritev64(int fd, const struct iovec *pieces, int count, off64_t at) { return pwritev(fd, pieces, count, at); }

/** These pass the recorder by: callers fall back to read and write. */
ssize_t copy_file_range(int from, off64_t *fromAt, int to, off64_t *toAt, size_t count, unsigned flags) {
  if (kindOf(to) == OTHER) return REAL(copy_file_range)(from, fromAt, to, toAt, count, flags);
  errno = EXDEV;
  return -1;
}
ssize_t sendfile(int to, int from, off_t *at, size_t count) {
  if (kindOf(to) == OTHER) return REAL(sendfile)(to, from, at, count);
  errno = EINVAL;
  return -1;
}
ssize_t sendfile64(int to, int from, off64_t *at, size_t count) { return sendfile(to, from, at, count); }
int fallocate(int fd, int mode, off_t at, off_t count) {
  if (kindOf(fd) == OTHER) return REAL(fallocate)(fd, mode, at, count);
  errno = EOPNOTSUPP;
  return -1;
}

static int sized(int fd, off_t size, int (*how)(int, off_t)) {
  pthread_mutex_lock(&lock);
  int result = how(fd, size);
  int failure = errno;
  if (result == 0 && kindOf(fd) == FILE_OF_OURS) letter('t'), number(files[fd].ino), number(size);
  pthread_mutex_unlock(&lock);
  errno = failure;
  return result;
}
int ftruncate(int fd, off_t size) { return sized(fd, size, REAL(ftruncate)); }
int ftruncate64(int fd, off64_t size) { return sized(fd, size, REAL(ftruncate)); }

static int synced(int fd, int (*how)(int)) {
  if (kindOf(fd) != FILE_OF_OURS && kindOf(fd) != FOLDER_OF_OURS) return how(fd);
  pthread_mutex_lock(&lock);
  int result = how(fd);
  int failure = errno;
  if (result == 0 && files[fd].kind == FILE_OF_OURS) letter('s'), number(files[fd].ino);
  if (result == 0 && files[fd].kind == FOLDER_OF_OURS) letter('d'), text(files[fd].path);
  pthread_mutex_unlock(&lock);
  errno = failure;
  return result;
}
int fsync(int fd) { return synced(fd, REAL(fsync)); }
int fdatasync(int fd) { return synced(fd, REAL(fdatasync)); }

static int moved(int fromFolder, const char *from, int toFolder, const char *to) {
  char one[PATH_MAX], other[PATH_MAX];
  pthread_mutex_lock(&lock);
  char *mine = ours(fromFolder, from, one), *target = ours(toFolder, to, other);
  int result = REAL(renameat)(fromFolder, from, toFolder, to);
  int failure = errno;
  if (result == 0 && mine && target) letter('r'), text(mine), text(target);
  pthread_mutex_unlock(&lock);
  errno = failure;
  return result;
}
int rename(const char *from, const char *to) { return moved(AT_FDCWD, from, AT_FDCWD, to); }
int renameat(int fromFolder, const char *from, int toFolder, const char *to) { return moved(fromFolder, from, toFolder, to); }

static int removed(int folder, const char *path, int flags) {
  char place[PATH_MAX];
  pthread_mutex_lock(&lock);
  char *mine = ours(folder, path, place);
  int result = REAL(unlinkat)(folder, path, flags);
  int failure = errno;
  if (result == 0 && mine) letter('u'), text(mine);
  pthread_mutex_unlock(&lock);
  errno = failure;
  return result;
}
int unlink(const char *path) { return removed(AT_FDCWD, path, 0); }
int remove(const char *path) {
  struct stat now;
  return removed(AT_FDCWD, path, lstat(path, &now) == 0 && S_ISDIR(now.st_mode) ? AT_REMOVEDIR : 0);
}
int rmdir(const char *path) { return removed(AT_FDCWD, path, AT_REMOVEDIR); }
int unlinkat(int folder, const char *path, int flags) { return removed(folder, path, flags); }

static int made(int folder, const char *path, mode_t mode) {
  char place[PATH_MAX];
  pthread_mutex_lock(&lock);
  char *mine = ours(folder, path, place);
  int result = REAL(mkdirat)(folder, path, mode);
  int failure = errno;
  if (result == 0 && mine) letter('m'), text(mine);
  pthread_mutex_unlock(&lock);
  errno = failure;
  return result;
}
int mkdir(const char *path, mode_t mode) { return made(AT_FDCWD, path, mode); }
int mkdirat(int folder, const char *path, mode_t mode) { return made(folder, path, mode); }
