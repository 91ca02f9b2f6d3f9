; The desk's installer for Windows, compiled by makensis with /DVERSION /DNUMBERS /DSOURCE /DICON
; /DOUT. Silent with /S; /D=C:\Place (last, unquoted) chooses the folder.
;
; Exit codes: 0 done, 1 cancelled, 2 refused: see the log it prints on standard output.
; It replaces the program and never touches a profile (%LOCALAPPDATA%\TrafficDesk).

Unicode true
Target amd64-unicode
ManifestDPIAware true
!include "LogicLib.nsh"
!include "WordFunc.nsh"
!include "x64.nsh"

!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\TrafficDesk"

Name "TrafficDesk"
OutFile "${OUT}"
Icon "${ICON}"
UninstallIcon "${ICON}"
InstallDir "$PROGRAMFILES64\TrafficDesk"
InstallDirRegKey HKLM "${KEY}" "InstallLocation"
RequestExecutionLevel admin
SetCompressor /SOLID lzma
ShowInstDetails show
CRCCheck force

VIProductVersion "${NUMBERS}"
VIAddVersionKey "ProductName" "TrafficDesk"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${NUMBERS}"
VIAddVersionKey "FileDescription" "TrafficDesk installer"
VIAddVersionKey "LegalCopyright" "TrafficDesk maintainers"

Page directory
Page instfiles
UninstPage uninstConfirm
UninstPage instfiles

!macro Refuse words
    System::Call 'kernel32::AttachConsole(i -1)'
    DetailPrint "${words}"
    IfSilent +2
    MessageBox MB_OK|MB_ICONSTOP "${words}"
    SetErrorLevel 2
    Quit
!macroend

Function .onInit
    SetRegView 64
    SetShellVarContext all
    ${IfNot} ${RunningX64}
        !insertmacro Refuse "TrafficDesk needs a 64-bit Windows."
    ${EndIf}
    ; An older program must not meet a newer store.
    ReadRegStr $0 HKLM "${KEY}" "Numbers"
    ${If} $0 != ""
        ${VersionCompare} "$0" "${NUMBERS}" $1
        ${If} $1 == 1
            !insertmacro Refuse "A newer TrafficDesk is installed; nothing was changed."
        ${EndIf}
    ${EndIf}
FunctionEnd

; A program that runs cannot be opened for writing: better no upgrade than half of one.
!macro RequireClosed
    ${If} ${FileExists} "$INSTDIR\trafficdesk.exe"
        ClearErrors
        FileOpen $0 "$INSTDIR\trafficdesk.exe" a
        ${If} ${Errors}
            !insertmacro Refuse "TrafficDesk is running; close it on every account and try again."
        ${EndIf}
        FileClose $0
    ${EndIf}
!macroend

Section "TrafficDesk"
    !insertmacro RequireClosed
    RMDir /r "$INSTDIR\_internal"
    RMDir /r "$INSTDIR\about"
    SetOutPath "$INSTDIR"
    ClearErrors
    File /r "${SOURCE}/*.*"
    ${If} ${Errors}
        !insertmacro Refuse "Not every file could be written; install again before the desk is used."
    ${EndIf}
    WriteUninstaller "$INSTDIR\uninstall.exe"
    CreateShortcut "$SMPROGRAMS\TrafficDesk.lnk" "$INSTDIR\trafficdesk.exe"
    WriteRegStr HKLM "Software\Microsoft\Windows\CurrentVersion\App Paths\trafficdesk.exe" "" "$INSTDIR\trafficdesk.exe"
    WriteRegStr HKLM "${KEY}" "DisplayName" "TrafficDesk"
    WriteRegStr HKLM "${KEY}" "DisplayVersion" "${VERSION}"
    WriteRegStr HKLM "${KEY}" "Numbers" "${NUMBERS}"
    WriteRegStr HKLM "${KEY}" "DisplayIcon" "$INSTDIR\trafficdesk.exe"
    WriteRegStr HKLM "${KEY}" "Publisher" "TrafficDesk maintainers"
    WriteRegStr HKLM "${KEY}" "InstallLocation" "$INSTDIR"
    WriteRegStr HKLM "${KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
    WriteRegStr HKLM "${KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
    WriteRegDWORD HKLM "${KEY}" "NoModify" 1
    WriteRegDWORD HKLM "${KEY}" "NoRepair" 1
SectionEnd

Function un.onInit
    SetRegView 64
    SetShellVarContext all
FunctionEnd

Section "Uninstall"
    !insertmacro RequireClosed
    RMDir /r "$INSTDIR\_internal"
    RMDir /r "$INSTDIR\about"
    Delete "$INSTDIR\trafficdesk.exe"
    Delete "$INSTDIR\uninstall.exe"
    RMDir "$INSTDIR"
    Delete "$SMPROGRAMS\TrafficDesk.lnk"
    DeleteRegKey HKLM "Software\Microsoft\Windows\CurrentVersion\App Paths\trafficdesk.exe"
    DeleteRegKey HKLM "${KEY}"
SectionEnd
