# Puts the page of a report together: OUT, a source file that defines troupe::report_template, from the files of
# the folder PAGE, of which SCRIPTS are in order.
function(read_part out file)
  file(READ ${PAGE}/${file} text)
  set(${out} "${text}" PARENT_SCOPE)
endfunction()

read_part(html report.html)
read_part(style report.css)
set(script "")
foreach(name IN LISTS SCRIPTS)
  read_part(part ${name})
  string(APPEND script "${part}")
endforeach()
string(REPLACE "/*STYLE*/" "${style}" html "${html}")
string(REPLACE "/*SCRIPT*/" "${script}" html "${html}")
file(WRITE ${OUT} "#include \"views/report_page.hpp\"\n\nnamespace troupe {\n\n"
  "const std::string_view report_template = R\"page(${html})page\";\n\n} // namespace troupe\n")
