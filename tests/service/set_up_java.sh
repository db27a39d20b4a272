#!/usr/bin/env bash
# Fetches the clients in Java that `make clients` tries: Apache Jena and Eclipse RDF4J, by Maven.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=.bench/clients-java

missing() { ! command -v javac > /dev/null || ! command -v mvn > /dev/null; }

if missing && [ "${CI:-}" = true ] && [ "$(id -u)" = 0 ]; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install --yes -qq --no-install-recommends default-jdk-headless maven
fi
if missing; then
  echo "no JDK, or no Maven: the clients in Java are skipped"
elif [ ! -f "$folder/pom.xml" ] || ! cmp -s tests/service/java/pom.xml "$folder/pom.xml"; then
  rm -rf "$folder"
  mvn -q -B -Dstyle.color=never -f tests/service/java/pom.xml dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$PWD/$folder"
  cp tests/service/java/pom.xml "$folder"
fi
if [ "${CI:-}" = true ] && missing; then
  echo "in CI they must run"
  exit 1
fi
