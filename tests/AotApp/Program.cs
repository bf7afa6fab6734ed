// Published as a native executable by eng/aot.sh, without a warning, and run: what works under the JIT must work there too.
//   AotApp                 checks itself; 0 if all is well
//   AotApp write FOLDER    writes resnet20.onnx (drawn weights, a card) and picture.jpg, which eng/edge.sh measures with, and colours.onnx and colours.png for eng/edge-detector.sh
using AotApp;

return args is ["write", var folder] ? MadeFiles.Write(folder) : SelfCheck.Run();
