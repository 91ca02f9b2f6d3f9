<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_GB" sourcelanguage="en">
<context><name>AlertWatch</name>
<message numerus="yes"><source>%n alerts wait to be answered</source>
<translation><numerusform>%n alert waits to be answered</numerusform><numerusform>%n alerts wait to be answered</numerusform></translation></message>
</context>
<context><name>Conflicts</name>
<message numerus="yes"><source>%n changes are marked</source>
<translation><numerusform>%n change is marked</numerusform><numerusform>%n changes are marked</numerusform></translation></message>
<message numerus="yes"><source>%n changes are sent again</source>
<translation><numerusform>%n change is sent again</numerusform><numerusform>%n changes are sent again</numerusform></translation></message>
<message numerus="yes"><source>%n changes withdrawn</source>
<translation><numerusform>%n change withdrawn</numerusform><numerusform>%n changes withdrawn</numerusform></translation></message>
<message numerus="yes"><source>%n conflicts settled</source>
<translation><numerusform>%n conflict settled</numerusform><numerusform>%n conflicts settled</numerusform></translation></message>
<message numerus="yes"><source>%n conflicts to settle</source>
<translation><numerusform>%n conflict to settle</numerusform><numerusform>%n conflicts to settle</numerusform></translation></message>
<message numerus="yes"><source>%n corners</source>
<translation><numerusform>%n corner</numerusform><numerusform>%n corners</numerusform></translation></message>
<message numerus="yes"><source>%n fields left</source>
<translation><numerusform>%n field left</numerusform><numerusform>%n fields left</numerusform></translation></message>
<message numerus="yes"><source>%n photos</source>
<translation><numerusform>%n photo</numerusform><numerusform>%n photos</numerusform></translation></message>
<message numerus="yes"><source>Take mine for %n marked</source>
<translation><numerusform>Take mine for %n marked</numerusform><numerusform>Take mine for %n marked</numerusform></translation></message>
<message numerus="yes"><source>Take mine for all %n like this</source>
<translation><numerusform>Take mine for %n like this</numerusform><numerusform>Take mine for all %n like this</numerusform></translation></message>
<message numerus="yes"><source>Take theirs for %n marked</source>
<translation><numerusform>Take theirs for %n marked</numerusform><numerusform>Take theirs for %n marked</numerusform></translation></message>
<message numerus="yes"><source>Take theirs for all %n like this</source>
<translation><numerusform>Take theirs for %n like this</numerusform><numerusform>Take theirs for all %n like this</numerusform></translation></message>
<message numerus="yes"><source>Withdraw %n changes? They are never sent then, and stay in the history.</source>
<translation><numerusform>Withdraw %n change? It is never sent then, and stays in the history.</numerusform><numerusform>Withdraw %n changes? They are never sent then, and stay in the history.</numerusform></translation></message>
</context>
<context><name>DeskApplication</name>
<message numerus="yes"><source>%n decisions could not be written when the desk was locked.</source>
<translation><numerusform>%n decision could not be written when the desk was locked.</numerusform><numerusform>%n decisions could not be written when the desk was locked.</numerusform></translation></message>
</context>
<context><name>Detail</name>
<message numerus="yes"><source>%n files</source>
<translation><numerusform>%n file</numerusform><numerusform>%n files</numerusform></translation></message>
<message numerus="yes"><source>%n more reports</source>
<translation><numerusform>%n more report</numerusform><numerusform>%n more reports</numerusform></translation></message>
</context>
<context><name>Dispatch</name>
<message numerus="yes"><source>%n confirmed it</source>
<translation><numerusform>%n confirmed it</numerusform><numerusform>%n confirmed it</numerusform></translation></message>
<message numerus="yes"><source>%n injured</source>
<translation><numerusform>%n injured</numerusform><numerusform>%n injured</numerusform></translation></message>
<message numerus="yes"><source>%n merged reports</source>
<translation><numerusform>%n merged report</numerusform><numerusform>%n merged reports</numerusform></translation></message>
<message numerus="yes"><source>%n more places stay unserved, none of them graver</source>
<translation><numerusform>%n more place stays unserved, not graver</numerusform><numerusform>%n more places stay unserved, none of them graver</numerusform></translation></message>
<message numerus="yes"><source>%n need a unit</source>
<translation><numerusform>%n needs a unit</numerusform><numerusform>%n need a unit</numerusform></translation></message>
<message numerus="yes"><source>%n vehicles</source>
<translation><numerusform>%n vehicle</numerusform><numerusform>%n vehicles</numerusform></translation></message>
<message numerus="yes"><source>Plan accepted: %n units sent</source>
<translation><numerusform>Plan accepted: %n unit sent</numerusform><numerusform>Plan accepted: %n units sent</numerusform></translation></message>
<message numerus="yes"><source>Send %n units</source>
<translation><numerusform>Send %n unit</numerusform><numerusform>Send %n units</numerusform></translation></message>
</context>
<context><name>EmptyDesk</name>
<message numerus="yes"><source>%n changes wait on this desk to be sent.</source>
<translation><numerusform>%n change waits on this desk to be sent.</numerusform><numerusform>%n changes wait on this desk to be sent.</numerusform></translation></message>
<message numerus="yes"><source>%n reviewed since you signed in</source>
<translation><numerusform>%n reviewed since you signed in</numerusform><numerusform>%n reviewed since you signed in</numerusform></translation></message>
</context>
<context><name>Evidence</name>
<message numerus="yes"><source>%n days</source>
<translation><numerusform>%n day</numerusform><numerusform>%n days</numerusform></translation></message>
<message numerus="yes"><source>%n photos</source>
<translation><numerusform>%n photo</numerusform><numerusform>%n photos</numerusform></translation></message>
</context>
<context><name>FilterPanel</name>
<message numerus="yes"><source>Show %n reports</source>
<translation><numerusform>Show %n report</numerusform><numerusform>Show %n reports</numerusform></translation></message>
</context>
<context><name>Handover</name>
<message numerus="yes"><source>%n lines of the log are not confirmed by the server: {parts}.</source>
<translation><numerusform>%n line of the log is not confirmed by the server: {parts}.</numerusform><numerusform>%n lines of the log are not confirmed by the server: {parts}.</numerusform></translation></message>
</context>
<context><name>ImportsPage</name>
<message numerus="yes"><source>%n reports</source>
<translation><numerusform>%n report</numerusform><numerusform>%n reports</numerusform></translation></message>
</context>
<context><name>Leaving</name>
<message numerus="yes"><source>%n changes that the server has not confirmed are sealed for station IT in {folder}. The keys of this desk are destroyed; nobody can open it any more. Bring the folder to station IT.</source>
<translation><numerusform>%n change that the server has not confirmed is sealed for station IT in {folder}. The keys of this desk are destroyed; nobody can open it any more. Bring the folder to station IT.</numerusform><numerusform>%n changes that the server has not confirmed are sealed for station IT in {folder}. The keys of this desk are destroyed; nobody can open it any more. Bring the folder to station IT.</numerusform></translation></message>
<message numerus="yes"><source>The server takes nothing from it any more. %n changes that it has not confirmed could not be sealed for station IT; they are kept here, encrypted, and no key was destroyed. Leave the desk as it is and tell station IT.</source>
<translation><numerusform>The server takes nothing from it any more. %n change that it has not confirmed could not be sealed for station IT; it is kept here, encrypted, and no key was destroyed. Leave the desk as it is and tell station IT.</numerusform><numerusform>The server takes nothing from it any more. %n changes that it has not confirmed could not be sealed for station IT; they are kept here, encrypted, and no key was destroyed. Leave the desk as it is and tell station IT.</numerusform></translation></message>
</context>
<context><name>LockingPage</name>
<message numerus="yes"><source>The desk locks after this time without a key or the mouse, 1 to %n minutes.</source>
<translation><numerusform>The desk locks after %n minute without a key or the mouse.</numerusform><numerusform>The desk locks after this time without a key or the mouse, 1 to %n minutes.</numerusform></translation></message>
</context>
<context><name>PasswordRow</name>
<message numerus="yes"><source>%n tries left</source>
<translation><numerusform>%n try left</numerusform><numerusform>%n tries left</numerusform></translation></message>
</context>
<context><name>PatrolPlan</name>
<message numerus="yes"><source>Counted: {reports} reports of %n whole weeks, {begin} to {end}; {counted} in these areas.</source>
<translation><numerusform>Counted: {reports} reports of %n whole week, {begin} to {end}; {counted} in these areas.</numerusform><numerusform>Counted: {reports} reports of %n whole weeks, {begin} to {end}; {counted} in these areas.</numerusform></translation></message>
</context>
<context><name>PhotoDrop</name>
<message numerus="yes"><source>At most %n photos are filed at once.</source>
<translation><numerusform>At most %n photo is filed at once.</numerusform><numerusform>At most %n photos are filed at once.</numerusform></translation></message>
</context>
<context><name>QueueColumn</name>
<message numerus="yes"><source>%n marked · Esc clears</source>
<translation><numerusform>%n marked · Esc clears</numerusform><numerusform>%n marked · Esc clears</numerusform></translation></message>
<message numerus="yes"><source>Somebody else was first with %n reports you took</source>
<translation><numerusform>Somebody else was first with %n report you took</numerusform><numerusform>Somebody else was first with %n reports you took</numerusform></translation></message>
</context>
<context><name>Receipt</name>
<message numerus="yes"><source>%n changes of yours. Only the server can prove them.</source>
<translation><numerusform>%n change of yours. Only the server can prove it.</numerusform><numerusform>%n changes of yours. Only the server can prove them.</numerusform></translation></message>
</context>
<context><name>RejectPanel</name>
<message numerus="yes"><source>Why reject these %n reports?</source>
<translation><numerusform>Why reject this %n report?</numerusform><numerusform>Why reject these %n reports?</numerusform></translation></message>
</context>
<context><name>ReviewWorkspace</name>
<message numerus="yes"><source>%n marked</source>
<translation><numerusform>%n marked</numerusform><numerusform>%n marked</numerusform></translation></message>
<message numerus="yes"><source>on %n reports</source>
<translation><numerusform>on %n report</numerusform><numerusform>on %n reports</numerusform></translation></message>
</context>
<context><name>SameEvent</name>
<message numerus="yes"><source>%n more reports of it</source>
<translation><numerusform>%n more report of it</numerusform><numerusform>%n more reports of it</numerusform></translation></message>
</context>
<context><name>SecondLooks</name>
<message numerus="yes"><source>%n decisions by lot</source>
<translation><numerusform>%n decision by lot</numerusform><numerusform>%n decisions by lot</numerusform></translation></message>
<message numerus="yes"><source>Look at %n decisions</source>
<translation><numerusform>Look at %n decision</numerusform><numerusform>Look at %n decisions</numerusform></translation></message>
</context>
<context><name>SidePane</name>
<message numerus="yes"><source>%n units near</source>
<translation><numerusform>%n unit near</numerusform><numerusform>%n units near</numerusform></translation></message>
</context>
<context><name>SyncPill</name>
<message numerus="yes"><source>%n need you</source>
<translation><numerusform>%n needs you</numerusform><numerusform>%n need you</numerusform></translation></message>
<message numerus="yes"><source>%n to send</source>
<translation><numerusform>%n to send</numerusform><numerusform>%n to send</numerusform></translation></message>
</context>
<context><name>SyncSummary</name>
<message numerus="yes"><source>Sending %n</source>
<translation><numerusform>Sending %n</numerusform><numerusform>Sending %n</numerusform></translation></message>
</context>
<context><name>Triage</name>
<message numerus="yes"><source>%n reports</source>
<translation><numerusform>%n report</numerusform><numerusform>%n reports</numerusform></translation></message>
<message numerus="yes"><source>%n reports were left as they were</source>
<translation><numerusform>%n report was left as it was</numerusform><numerusform>%n reports were left as they were</numerusform></translation></message>
</context>
<context><name>Undelivered</name>
<message numerus="yes"><source>%n reports were not delivered</source>
<translation><numerusform>%n report was not delivered</numerusform><numerusform>%n reports were not delivered</numerusform></translation></message>
</context>
<context><name>UnlockFooter</name>
<message numerus="yes"><source>Locks after %n minutes without a key</source>
<translation><numerusform>Locks after %n minute without a key</numerusform><numerusform>Locks after %n minutes without a key</numerusform></translation></message>
</context>
<context><name>_ChipRow</name>
<message numerus="yes"><source>%n more filters</source>
<translation><numerusform>%n more filter</numerusform><numerusform>%n more filters</numerusform></translation></message>
</context>
</TS>
