#!/bin/sh
# Creates the namespace and the search attributes that a rollout is found by. Running it again changes nothing.
# TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE come from the environment.
set -eu

temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1 ||
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention 720h

# The server takes a few seconds to see a namespace that it has just created.
list() { temporal operator search-attribute list --namespace "$TEMPORAL_NAMESPACE"; }
attempts=30
until known=$(list 2>/dev/null); do
  attempts=$((attempts - 1))
  [ "$attempts" -gt 0 ] || { list; exit 1; }
  sleep 1
done

for attribute in MeridianPipeline:Keyword MeridianRelease:Keyword MeridianStatus:Keyword MeridianEnvironment:Keyword MeridianRegions:KeywordList; do
  name=${attribute%:*}
  case $known in
    *"$name "*) ;;
    *) temporal operator search-attribute create --namespace "$TEMPORAL_NAMESPACE" --name "$name" --type "${attribute#*:}" ;;
  esac
done
