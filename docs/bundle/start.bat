@echo off
rem Starts the app on this machine (Windows, Python 3.11 or newer). NOT YET TRIED on any Windows machine.
rem The packages in this folder are those of the machine that made it: make the bundle on Windows for Windows.
cd /d "%~dp0"
if not exist .venv\.ready (
  echo Setting up, once: a minute or two ...
  py -3 -m venv .venv || exit /b 1
  for %%f in (packages\*.whl) do .venv\Scripts\python -m pip install --quiet --disable-pip-version-check --no-index --no-deps "%%f" || exit /b 1
  type nul > .venv\.ready
)
start "" http://127.0.0.1:8501
.venv\Scripts\pcqa app --port 8501
