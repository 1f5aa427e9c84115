# pcqa_sim on Linux, with every package at the pinned version. Not yet built anywhere; linted only.
#   docker build -t pcqa_sim .
#   docker run --rm -v "$PWD:/work" pcqa_sim run practice=small run=quick
FROM python:3.12-slim

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /opt/pcqa_sim
COPY constraints.txt ./
RUN python -m pip install --require-hashes -r constraints.txt
COPY pyproject.toml hatch_build.py README.md LICENSE ./
COPY pcqa_sim pcqa_sim
COPY configs configs
COPY experiments experiments
RUN python -m pip install --no-deps . \
    && useradd --create-home --uid 1000 pcqa
USER 1000
WORKDIR /work
ENTRYPOINT ["pcqa"]
CMD ["--help"]
