# Sourced by the commands that build: finds a JDK and Maven, or installs them.

# Prints the feature version (17, 21, ...) of the JDK in this directory, or 0.
jdk_version() {
  if [ -x "$1/bin/javac" ]; then
    found=$("$1/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9][0-9]*\).*/\1/p')
  else
    found=
  fi
  echo "${found:-0}"
}

# Sets and exports JAVA_HOME to a JDK 17 or later; fails if there is none.
find_jdk() {
  on_path=$(command -v javac || true)
  if [ -n "$on_path" ]; then
    on_path=$(dirname "$(dirname "$(readlink -f "$on_path")")")
  fi
  for candidate in "${JAVA_HOME:-}" "$on_path" /usr/lib/jvm/java-17-openjdk-* /usr/lib/jvm/*; do
    if [ -n "$candidate" ] && [ "$(jdk_version "$candidate")" -ge 17 ]; then
      JAVA_HOME=$candidate
      export JAVA_HOME
      return 0
    fi
  done
  return 1
}

# Prints the packages that are missing.
missing_packages() {
  find_jdk || printf '%s ' openjdk-17-jdk-headless
  command -v mvn >/dev/null || printf '%s ' maven
}

# Makes sure that a JDK 17 or later and Maven are there, and that Maven uses that JDK.
require_build_tools() {
  missing=$(missing_packages)
  if [ -n "$missing" ]; then
    install_packages "$missing" || {
      echo "syncline: to build it, install these packages: openjdk-17-jdk-headless maven" >&2
      exit 3
    }
  fi
  find_jdk
}

install_packages() {
  command -v apt-get >/dev/null || return 1
  if [ "$(id -u)" -eq 0 ]; then
    as_root=env
  elif sudo -n true 2>/dev/null; then
    as_root="sudo -n env"
  else
    return 1
  fi
  echo "syncline: installing with apt-get: $1" >&2
  # The words of both variables are separate arguments.
  # shellcheck disable=SC2086
  $as_root DEBIAN_FRONTEND=noninteractive apt-get update -qq >&2 &&
    $as_root DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -qq --no-install-recommends $1 >&2 || return 1
  [ -z "$(missing_packages)" ]
}

# Make sure that prometheus and promtool, or etcd and etcdctl, are on the PATH, or fail.
provide_prometheus() {
  provide "tests of monitoring" "prometheus" prometheus promtool
}

provide_etcd() {
  provide "tests with etcd" "etcd-server etcd-client" etcd etcdctl
}

# Makes sure that commands are on the PATH, or fails. What is not there is unpacked, not installed: a
# package that is installed starts a service of its own.
provide() {
  purpose=$1
  packages=$2
  shift 2
  ! has_commands "$@" || return 0
  unpacked=$root/verify/target/${packages%% *}
  PATH=$unpacked/usr/bin:$PATH
  export PATH
  ! has_commands "$@" || return 0
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || return 1
  echo "syncline: for the $purpose, unpacking of Debian: $packages" >&2
  mkdir -p "$unpacked"
  (
    cd "$unpacked"
    # The words of the variable are separate arguments.
    # shellcheck disable=SC2086
    apt-get download -qq $packages >&2 || {
      [ "$(id -u)" -eq 0 ] && apt-get update -qq >&2 && apt-get download -qq $packages >&2
    } || exit 1
    for package in ./*.deb; do
      dpkg-deb -x "$package" . || exit 1
    done
  ) || return 1
  has_commands "$@"
}

has_commands() {
  for command in "$@"; do
    command -v "$command" >/dev/null || return 1
  done
}

# Runs a command while holding the lock of this checkout, so that two builds never overlap.
with_build_lock() {
  if ! command -v flock >/dev/null; then
    ("$@")
    return
  fi
  (
    if ! flock -n 9; then
      echo "syncline: waiting for another build of this checkout" >&2
      flock 9
    fi
    # A process the command leaves behind must not keep the lock.
    "$@" 9<&-
  ) 9<"$root/pom.xml"
}
