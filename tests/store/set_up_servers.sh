#!/usr/bin/env bash
# Fetches the servers that `make remote` tests against: Apache Jena Fuseki by Maven, Virtuoso from Debian.
set -euo pipefail
cd "$(dirname "$0")/../.."
fuseki=5.2.0
folder=.bench/remote

missing() { ! command -v "$1" > /dev/null; }

if [ "$(id -u)" = 0 ] && { missing java || missing mvn || missing virtuoso-t; }; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install --yes -qq --no-install-recommends \
    maven openjdk-17-jre-headless virtuoso-opensource-7
fi
mkdir -p "$folder"
if [ ! -f "$folder/jena-fuseki-server-$fuseki.jar" ]; then
  if missing mvn; then
    echo "Maven is not installed: the tests against Apache Jena Fuseki are skipped"
  else
    mvn -q -B dependency:copy -Dartifact=org.apache.jena:jena-fuseki-server:$fuseki -DoutputDirectory="$PWD/$folder"
  fi
fi
