#!/usr/bin/env bash
# Sees to the operating system's packages a project needs. Usage: system-packages.sh PACKAGE[|ALTERNATIVE...]=PROVIDES ...
# PROVIDES is a shared library's file name (it contains ".so", a trailing * matches any version) or a command.
# Silent when nothing is missing. As root on Debian or Ubuntu installs what is; otherwise, and with --check as the first argument, prints the
# command and fails.
set -euo pipefail

check=
if [ "$1" = --check ]; then
    check=yes
    shift
fi

provided() {
    case $1 in
        *.so*) /sbin/ldconfig -p 2>/dev/null | awk '{print $1}' | grep -q -- "^$(sed 's/[.]/[.]/g; s/[*]/.*/' <<<"$1")\$" ;;
        *) command -v "$1" >/dev/null ;;
    esac
}

missing=()
for need in "$@"; do
    provided "${need#*=}" || missing+=("$need")
done
[ ${#missing[@]} -eq 0 ] && exit 0

if ! command -v apt-get >/dev/null; then
    echo "Missing on this system: ${missing[*]#*=}. Install what provides them with your package manager, then build again."
    exit 1
fi
if [ "$(id -u)" -ne 0 ] || [ -n "$check" ]; then
    echo "System packages are missing. Run this once, then build again: sudo apt-get install -y ${missing[*]%%[|=]*}"
    exit 1
fi

# Projects build side by side; apt does not.
exec 9>/tmp/edgecloud-apt.lock
flock 9
packages=()
apt-get update -qq
for need in "${missing[@]}"; do
    provided "${need#*=}" && continue
    IFS='|' read -ra names <<<"${need%%=*}"
    chosen=${names[0]}
    for name in "${names[@]}"; do
        if apt-cache show "$name" >/dev/null 2>&1; then chosen=$name; break; fi
    done
    packages+=("$chosen")
done
[ ${#packages[@]} -eq 0 ] && exit 0
echo "EdgeCloud: installing ${packages[*]} ..."
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >/tmp/edgecloud-apt.log 2>&1 || {
    tail -5 /tmp/edgecloud-apt.log
    echo "System packages could not be installed (see /tmp/edgecloud-apt.log). Try it yourself: apt-get install -y ${packages[*]}"
    exit 1
}
