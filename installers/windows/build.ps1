<#
.SYNOPSIS
Freezes the desk on Windows and makes its installers. Not yet run on a real Windows.

.DESCRIPTION
Needs Python 3.13 or 3.12 (64 bit), Node is not needed; NSIS 3 and the WiX Toolset 3 in PATH; and
SpatiaLite with the libraries it links and proj.db in one folder.

.PARAMETER SpatiaLite
The folder with mod_spatialite.dll, its libraries, and proj.db. It has to be built without RTTOPO and
control points (installers\spatialite.py names the options): both are under the GPL and are refused.

.PARAMETER Thumbprint
Of the certificate that signs the program and its installers; without one they stay unsigned, and
Windows will warn of them.

.EXAMPLE
.\installers\windows\build.ps1 -SpatiaLite C:\spatialite -Thumbprint 0123456789ABCDEF
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory = $true)][string] $SpatiaLite,
    [string] $Python = "py",
    [string] $Thumbprint = "",
    [string] $TimestampServer = ""
)
Set-StrictMode -Version Latest
$ErrorActionPreference = "Stop"
$root = (Resolve-Path (Join-Path $PSScriptRoot "..\..")).Path
$dist = Join-Path $root "dist"
$bundle = Join-Path $dist "trafficdesk"
$venvPython = Join-Path $root ".venv\Scripts\python.exe"

function Invoke-Checked {
    param([Parameter(Mandatory = $true)][string] $Program, [string[]] $Arguments = @())
    & $Program @Arguments
    if ($LASTEXITCODE -ne 0) { throw "$Program ended with $LASTEXITCODE" }
}

function Invoke-Sign {
    param([Parameter(Mandatory = $true)][string[]] $Files)
    if ($Thumbprint -eq "") { return }
    $words = @("sign", "/sha1", $Thumbprint, "/fd", "SHA256")
    if ($TimestampServer -ne "") { $words += @("/tr", $TimestampServer, "/td", "SHA256") }
    Invoke-Checked "signtool" ($words + $Files)
}

if (-not (Test-Path (Join-Path $SpatiaLite "mod_spatialite.dll"))) {
    throw "There is no mod_spatialite.dll in $SpatiaLite."
}
Push-Location $root
try {
    if (-not (Test-Path $venvPython)) { Invoke-Checked $Python @("-m", "venv", ".venv") }
    Invoke-Checked $venvPython @("-m", "pip", "install", "--quiet", "--require-hashes", "-r", "requirements.txt")
    Invoke-Checked $venvPython @("-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "-e", ".")
    Invoke-Checked $venvPython @("installers\page_assets.py")
    $env:TRAFFICDESK_SPATIALITE = Join-Path $SpatiaLite "mod_spatialite.dll"
    Invoke-Checked $venvPython @("build_spec.py")
    Invoke-Sign @((Join-Path $bundle "trafficdesk.exe"))
    Invoke-Checked (Join-Path $bundle "trafficdesk.exe") @("selftest")

    Invoke-Checked $venvPython @("-m", "installers.windows_installers", "--kind", "exe")
    $told = Get-Content (Join-Path $bundle "about\versions.json") -Raw | ConvertFrom-Json
    $numbers = & $venvPython -c "from installers.source import Version; import sys; print(Version(*sys.argv[1].split('~')).numbers)" $told.trafficdesk
    $work = Join-Path $root "build\bundle\windows"
    $files = Join-Path $work "Files.wxs"
    Invoke-Checked "heat" @("dir", $bundle, "-nologo", "-gg", "-srd", "-sreg", "-sfrag", "-dr", "INSTALLDIR", "-cg", "Files", "-var", "var.Source", "-out", $files)
    Invoke-Checked "candle" @("-nologo", "-arch", "x64", "-dNumbers=$numbers", "-dSource=$bundle", "-out", "$work\", "installers\windows\trafficdesk.wxs", $files)
    $msi = Join-Path $dist "TrafficDesk-$($told.trafficdesk)-x64.msi"
    Invoke-Checked "light" @("-nologo", "-out", $msi, "$work\trafficdesk.wixobj", "$work\Files.wixobj")
    Invoke-Sign @((Get-ChildItem $dist -Filter "TrafficDesk-*-x64.*").FullName)
}
finally {
    Pop-Location
}
