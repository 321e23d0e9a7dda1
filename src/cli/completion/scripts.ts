/** What a shell has to be told so that it asks `kntool __complete`. */

/** The shells there are scripts for. */
export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const

/** One of {@link SHELLS}. */
export type Shell = (typeof SHELLS)[number]

/** Works in bash 3.2, which macOS has, and without the package bash-completion. */
const BASH = `# bash completion of kntool
__kntool_complete() {
  local line="\${COMP_LINE:0:COMP_POINT}" current breaks prefix="" candidate
  local -a words
  read -ra words <<< "$line"
  case "$line" in *[[:space:]]) words+=("") ;; esac
  local last=$((\${#words[@]} - 1))
  current="\${words[$last]}"
  # For readline a word begins after each of these.
  breaks="\${COMP_WORDBREAKS//[^=:@]/}"
  if [[ -n "$breaks" && "$current" == *["$breaks"]* ]]; then
    prefix="\${current%"\${current##*["$breaks"]}"}"
  fi
  COMPREPLY=()
  while IFS= read -r candidate; do
    case "$candidate" in
      :files) compopt -o default 2>/dev/null ;;
      :nospace) compopt -o nospace 2>/dev/null ;;
      *)
        candidate="\${candidate%%$'\\t'*}"
        COMPREPLY+=("\${candidate#"$prefix"}")
        ;;
    esac
  done < <("\${words[0]}" __complete "=$current" "\${words[@]:1:$((last - 1))}" 2>/dev/null)
}
complete -F __kntool_complete kntool
`

const ZSH = `#compdef kntool
# zsh completion of kntool
_kntool() {
  local -a values displays suffix
  local line value
  for line in "\${(@f)$(\${(Q)words[1]} __complete "=\${(Q)words[CURRENT]}" "\${(@Q)words[2,CURRENT-1]}" 2>/dev/null)}"; do
    case "$line" in
      '') ;;
      :files) _files; return ;;
      :nospace) suffix=(-S '') ;;
      *)
        value="\${line%%$'\\t'*}"
        values+=("$value")
        if [[ "$line" == *$'\\t'* ]]; then
          displays+=("$value  -- \${line#*$'\\t'}")
        else
          displays+=("$value")
        fi
        ;;
    esac
  done
  compadd -Q -l -d displays $suffix -a values
}
if [[ "$funcstack[1]" == _kntool ]]; then
  _kntool "$@"
elif (( $+functions[compdef] )); then
  compdef _kntool kntool
fi
`

const FISH = `# fish completion of kntool
function __kntool_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  for line in ($words[1] __complete "=$current" $words[2..-1] 2>/dev/null)
    switch $line
      case ':files'
        __fish_complete_path $current
      case ':*'
      case '*'
        echo $line
    end
  end
end
complete -c kntool -f -a '(__kntool_complete)'
`

const POWERSHELL = `# PowerShell completion of kntool
Register-ArgumentCompleter -Native -CommandName kntool -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $before = @($commandAst.CommandElements |
    Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
    ForEach-Object { $_.Extent.Text })
  $program = $before[0]
  $rest = @($before | Select-Object -Skip 1)
  & $program __complete "=$wordToComplete" @rest 2>$null | ForEach-Object {
    if ($_ -eq ':files') {
      [System.Management.Automation.CompletionCompleters]::CompleteFilename($wordToComplete)
    } elseif ($_ -notlike ':*') {
      $value, $description = $_ -split "\`t", 2
      if (-not $description) { $description = $value }
      [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $description)
    }
  }
}
`

const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: BASH,
  zsh: ZSH,
  fish: FISH,
  powershell: POWERSHELL,
}

/** The script of a shell, to be sourced. */
export function completionScript(shell: Shell): string {
  return SCRIPTS[shell]
}
